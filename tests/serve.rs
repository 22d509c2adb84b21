//! The preview server, asked over plain sockets: what a browser would not send must be refused as well.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use sealcast::serve::Server;
use tempfile::TempDir;

/// An answer taken apart.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// A bundle that is served until the tests end.
struct Fixture {
    folder: TempDir,
    port: u16,
    url: String,
}

const BODY: &[u8] = b"0123456789abcdef";

fn serve(page: &str) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("share");
    fs::create_dir_all(root.join("media/deep")).unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    fs::write(root.join("index.html"), "<p>index").unwrap();
    fs::write(root.join("a b'ü.html"), "<p>named").unwrap();
    fs::write(root.join(".hidden"), "hidden").unwrap();
    fs::write(root.join("media/video.webm"), BODY).unwrap();
    fs::write(root.join("empty.bin"), "").unwrap();
    let server = Server::bind(&root.join(page), None).unwrap();
    let url = server.url();
    let port = url.split(['/', ':']).nth(4).unwrap().parse().unwrap();
    thread::spawn(move || server.run());
    Fixture { folder, port, url }
}

impl Fixture {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// Sends one request with a right Host and reads the answer.
    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        let host = format!("Host: 127.0.0.1:{}\r\n", self.port);
        self.send(&format!("{method} {target} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n"))
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }
}

#[test]
fn a_folder_is_served_with_all_headers() {
    let fixture = serve("");
    assert_eq!(fixture.url, format!("http://127.0.0.1:{}/", fixture.port));
    let answer = fixture.ask("GET", "/?v=1", "");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"<p>index".as_slice()));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("content-length"), Some("8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    for name in ["date", "last-modified"] {
        let date = answer.header(name).unwrap();
        assert!(date.len() == 29 && date.ends_with(" GMT"), "{name}: {date}");
    }
    let video = fixture.ask("GET", "/media/video%2Ewebm", "");
    assert_eq!((video.status, video.body.as_slice()), (200, BODY));
    assert_eq!(video.header("content-type"), Some("video/webm"));
}

#[test]
fn ranges_are_exact() {
    let fixture = serve("");
    let cases: [(&str, u16, &[u8], Option<&str>); 7] = [
        ("bytes=0-1", 206, b"01", Some("bytes 0-1/16")),
        ("bytes=10-", 206, b"abcdef", Some("bytes 10-15/16")),
        ("bytes=-2", 206, b"ef", Some("bytes 14-15/16")),
        ("bytes=14-99", 206, b"ef", Some("bytes 14-15/16")),
        ("bytes=16-", 416, b"", Some("bytes */16")),
        ("bytes=0-1,3-4", 200, BODY, None),
        ("nonsense", 200, BODY, None),
    ];
    for (range, status, body, content_range) in cases {
        let answer = fixture.ask("GET", "/media/video.webm", &format!("Range: {range}\r\n"));
        assert_eq!((answer.status, answer.body.as_slice()), (status, body), "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
        assert_eq!(answer.header("content-length"), Some(body.len().to_string().as_str()), "{range}");
    }
    assert_eq!(fixture.ask("GET", "/empty.bin", "Range: bytes=0-\r\n").status, 416);
    let stale = "Range: bytes=0-1\r\nIf-Range: Sat, 01 Jan 2000 00:00:00 GMT\r\n";
    assert_eq!(fixture.ask("GET", "/media/video.webm", stale).status, 200);
}

#[test]
fn head_has_no_body_and_other_methods_no_answer() {
    let fixture = serve("");
    let answer = fixture.ask("HEAD", "/media/video.webm", "Range: bytes=0-1\r\n");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("16"));
    assert_eq!(fixture.ask("HEAD", "/nothing", "").body.len(), 0);
    let answer = fixture.ask("POST", "/", "Content-Length: 5\r\n");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn nothing_outside_the_folder_is_seen() {
    let fixture = serve("");
    #[cfg(unix)]
    std::os::unix::fs::symlink(fixture.folder.path(), fixture.folder.path().join("share/out")).unwrap();
    let absolute = fixture.folder.path().join("secret.txt").display().to_string();
    let targets = [
        "/../secret.txt",
        "/media/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/media/../index.html",
        "/out/secret.txt",
        "/.hidden",
        "//etc/hostname",
        "/C:/secret.txt",
        "/index.html%00.png",
        "/%ff",
        "/media",
        "/media/",
        "/nothing",
        "secret.txt",
        absolute.as_str(),
        "http://127.0.0.1/index.html",
    ];
    for target in targets {
        let answer = fixture.ask("GET", target, "");
        assert!(matches!(answer.status, 400 | 404), "{target}: {}", answer.status);
    }
}

#[test]
fn one_file_is_served_alone() {
    let fixture = serve("a b'ü.html");
    let path = "/a%20b%27%C3%BC.html";
    assert_eq!(fixture.url, format!("http://127.0.0.1:{}{path}", fixture.port));
    assert_eq!(fixture.ask("GET", path, "").body, b"<p>named");
    let answer = fixture.ask("GET", "/?embed=1", "");
    assert_eq!((answer.status, answer.header("location")), (302, Some(format!("{path}?embed=1").as_str())));
    for target in ["/index.html", "/media/video.webm", "/share/a%20b%27%C3%BC.html"] {
        assert_eq!(fixture.ask("GET", target, "").status, 404, "{target}");
    }
}

#[test]
fn only_this_machine_s_names_are_answered() {
    let fixture = serve("");
    let port = fixture.port;
    for host in [format!("localhost:{port}"), format!("LOCALHOST:{port}"), format!("[::1]:{port}")] {
        let answer = fixture.send(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host}");
    }
    let rebound = format!("Host: evil.example:{port}\r\n");
    let twice = format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n");
    for host in [rebound.as_str(), "Host: 127.0.0.1\r\n", "Host: localhost:1\r\n", "Host: [::1]\r\n", &twice, ""] {
        let answer = fixture.send(&format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n"));
        assert!(matches!(answer.status, 400 | 403), "{host}: {}", answer.status);
        assert!(!answer.body.starts_with(b"<"), "{host}");
    }
}

#[test]
fn connections_are_used_again() {
    let fixture = serve("");
    let mut stream = fixture.connect();
    let request = format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", fixture.port);
    // Two at once, then a third after the answers.
    stream.write_all(request.repeat(2).as_bytes()).unwrap();
    let mut bytes = vec![0; 8];
    let mut seen = Vec::new();
    while seen.windows(8).filter(|window| window == b"<p>index").count() < 2 {
        let read = stream.read(&mut bytes).unwrap();
        assert!(read > 0);
        seen.extend_from_slice(&bytes[..read]);
    }
    stream.write_all(request.as_bytes()).unwrap();
    assert!(stream.read(&mut bytes).unwrap() > 0);
}

#[test]
fn bad_clients_do_not_stop_it() {
    let fixture = serve("");
    let large = fs::File::create(fixture.folder.path().join("share/large.bin")).unwrap();
    large.set_len(64 << 20).unwrap();
    for _ in 0..100 {
        let mut stream = fixture.connect();
        let request = format!("GET /large.bin HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", fixture.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut start = [0; 100];
        stream.read_exact(&mut start).unwrap();
    }
    drop(fixture.connect());
    assert_eq!(fixture.send("\x16\x03\x01\x02\r\n\r\n").status, 400);
    let endless = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(20_000));
    assert_eq!(fixture.send(&endless).status, 431);
    assert_eq!(fixture.ask("GET", "/", "").status, 200);
}

#[test]
fn what_cannot_be_served_is_named() {
    let fixture = serve("");
    let Err(error) = Server::bind(fixture.folder.path(), None) else { panic!("no index.html there") };
    assert_eq!(error.exit_code(), 3);
    let Err(error) = Server::bind(&fixture.folder.path().join("share/media/video.webm"), None) else {
        panic!("no page")
    };
    assert_eq!(error.exit_code(), 3);
    assert_eq!(Server::bind(Path::new("nowhere"), None).unwrap_err().exit_code(), 1);
    let error = Server::bind(&fixture.folder.path().join("share"), Some(fixture.port)).unwrap_err();
    assert_eq!(error.to_string(), format!("port {} is in use by another program", fixture.port));
    assert_eq!((error.exit_code(), error.hint().is_some()), (1, true));
}
