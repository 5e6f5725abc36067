//! A headless Chromium, driven over the DevTools protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>).

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Longer than a busy machine has been seen to take. Nothing is measured against it.
const DEADLINE: Duration = Duration::from_secs(120);
/// Between two looks at something that is waited for.
const POLL: Duration = Duration::from_millis(25);

/// One browser with one page, ended when dropped.
pub struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    /// The page's session; empty until it is attached to.
    session: String,
    last_id: u64,
    /// What the browser reported about the page, oldest first.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser with a profile of its own and an empty page.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let path = program();
        let child = Command::new(&path)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .args(["--disable-quic", "--disable-background-networking", "--disable-sync"])
            .args(["--disable-component-update", "--disable-dev-shm-usage"])
            .args(["--remote-debugging-port=0", "--window-size=1280,800", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", path.display()));
        let port_file = profile.path().join("DevToolsActivePort");
        let address = wait_for(&format!("{} to listen", path.display()), || {
            let text = std::fs::read_to_string(&port_file).ok()?;
            let (port, path) = text.split_once('\n')?;
            path.starts_with('/').then(|| (format!("127.0.0.1:{port}"), path.trim().to_string()))
        });
        let stream = TcpStream::connect(&address.0).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let url = format!("ws://{}{}", address.0, address.1);
        let (socket, _) = tungstenite::client(url, stream).unwrap();
        let (session, events) = (String::new(), Vec::new());
        let mut browser = Browser { child, socket, session, last_id: 0, events, _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().unwrap().to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Goes to an address and waits until the script of the page is ready.
    pub fn open(&mut self, url: &str) {
        // A document of its own, even where only the fragment differs from the last one.
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        self.wait("location.href === 'about:blank'");
        self.call("Page.navigate", json!({ "url": url }));
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'");
        self.wait("document.documentElement.dataset.state === 'ready'");
    }

    /// The value of a JavaScript expression.
    pub fn eval(&mut self, expression: &str) -> Value {
        let wanted = json!({ "expression": expression, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", wanted);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// The value of an expression that is text.
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.eval(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_string()
    }

    /// Waits until an expression is true.
    pub fn wait(&mut self, condition: &str) {
        let begun = Instant::now();
        // While a page goes and the next comes there may be nothing to ask.
        let holds = format!(
            "(() => {{ try {{ return Boolean({condition}) }} catch {{ return false }} }})()"
        );
        while self.eval(&holds) != true {
            if begun.elapsed() > DEADLINE {
                let page = self.eval("document.documentElement.outerHTML");
                panic!("{condition} never held; {:?}\n{page}", self.complaints());
            }
            std::thread::sleep(POLL);
        }
    }

    /// Types a text key by key, as a person does.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            let key = json!({ "type": "keyDown", "key": c.to_string(), "text": c.to_string() });
            self.call("Input.dispatchKeyEvent", key);
            let key = json!({ "type": "keyUp", "key": c.to_string() });
            self.call("Input.dispatchKeyEvent", key);
        }
    }

    /// Presses a named key, such as `ArrowDown`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "Tab" => (9, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            "/" => (191, "/"),
            other => panic!("no code for the key {other}"),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" {
                event["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Waits until two frames were drawn. Chromium drops what the mouse does before the first frame
    /// of a page, and a page that is gone back to is scrolled to its old place in a frame of its own.
    fn wait_for_frames(&mut self) {
        let drawn = "new Promise((done) => \
             requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        let wanted = json!({ "expression": drawn, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", wanted);
        assert_eq!(answer["result"]["value"], true, "no frame was drawn: {answer}");
    }

    /// Clicks in the middle of the first element that `selector` finds.
    pub fn click(&mut self, selector: &str) {
        let element = format!("document.querySelector({selector:?})");
        self.wait(&format!("document.readyState === 'complete' && {element}"));
        self.wait_for_frames();
        self.eval(&format!("{element}.scrollIntoView({{ block: 'center' }})"));
        self.wait_for_frames();
        let place = self.eval(&format!(
            "(() => {{ const b = {element}.getBoundingClientRect(); \
             return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        ));
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": button, "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Shows the page on a screen of this size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Sets what the system prefers: `dark` or `light`.
    pub fn prefer(&mut self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.call("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    /// Errors in the console, exceptions that nobody caught, what the browser refused or could
    /// not load, as far as they were not taken yet.
    pub fn complaints(&mut self) -> Vec<String> {
        self.eval("0");
        let bad = |event: &Value| match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Network.loadingFailed" => true,
            "Runtime.consoleAPICalled" => event["params"]["type"] != "log",
            "Log.entryAdded" => event["params"]["entry"]["level"] != "verbose",
            _ => false,
        };
        // A search that the next key press overtakes is given up on purpose.
        let meant = |event: &&Value| event["params"]["errorText"] != "net::ERR_ABORTED";
        let found = self.events.iter().filter(|event| bad(event)).filter(meant);
        found.map(Value::to_string).collect()
    }

    /// The addresses of everything the pages asked for.
    pub fn requests(&mut self) -> Vec<String> {
        self.eval("0");
        let sent =
            self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_string()).collect()
    }

    /// Fails if anything was complained about, or asked for outside of `origin`.
    pub fn assert_clean(&mut self, origin: &str) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        let requests = self.requests();
        assert!(requests.iter().any(|url| url.starts_with(origin)), "{requests:?}");
        let elsewhere: Vec<&String> = requests
            .iter()
            .filter(|url| !url.starts_with(origin) && *url != "about:blank")
            .collect();
        assert!(elsewhere.is_empty(), "requests to elsewhere: {elsewhere:?}");
    }

    /// Sends a command and returns its result; events that come meanwhile are kept.
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut command = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        self.socket.send(Message::text(command.to_string())).unwrap();
        loop {
            let message = self.socket.read().unwrap_or_else(|error| panic!("{method}: {error}"));
            let Message::Text(text) = message else { continue };
            let mut message: Value = serde_json::from_str(&text).unwrap();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            if message.get("method").is_some() {
                self.events.push(message);
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ROLECLUSTER_CHROMIUM`, or the first of the usual names on the `PATH`.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("ROLECLUSTER_CHROMIUM") {
        return named.into();
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut found = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    let found = found.find(|path| path.is_file());
    found.expect("no Chromium on the PATH; install one, or name it by ROLECLUSTER_CHROMIUM")
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited for {what} in vain");
        std::thread::sleep(POLL);
    }
}
