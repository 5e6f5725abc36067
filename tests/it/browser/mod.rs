//! The pages in a real browser: what only a script, a layout or a key press can show.
//!
//! The tests need Chromium, so a plain `cargo test` ignores them. `.ci/run` installs one where
//! it can and runs them with `cargo test --test it browser:: -- --ignored`.

mod chromium;
mod map;
mod names;
mod serve;

/// A string that would end a script block, open an element or leave a quote, if a page took it
/// for markup.
const HOSTILE: &str = "</script><script>document.title='owned'</script>\
     <img src=x onerror=\"document.title='owned'\"> ' \" `x` \u{2028} \u{202e}gnp.exe\u{202c} &lt;";

/// True where the page is wider than the screen.
const OVERFLOWS: &str = "document.documentElement.scrollWidth > innerWidth";

/// The background of the page, as the browser computed it.
const BACKGROUND: &str = "getComputedStyle(document.body).backgroundColor";
