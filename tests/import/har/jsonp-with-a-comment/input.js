/**/callback(
{"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": [{"startedDateTime": "2026-11-21T05:21:00.000Z", "time": 12, "request": {"method": "GET", "url": "https://a.example/ä?q=😀"}, "response": {"status": 200, "content": {"mimeType": "text/plain"}}}]}});
