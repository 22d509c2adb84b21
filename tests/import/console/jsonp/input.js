onLogs([{"t":1,"level":"info","text":"called"},
{"t":2,"level":"warn","text":"back"}]);