//! Bearer-token check.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Shortest token in characters; a shorter one can be guessed.
const FEWEST: usize = 16;

/// A secret shared by server and clients, kept as its SHA-256. It is never printed, and the
/// comparison takes the same time for every input.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// Whether `given` is the token.
    pub fn is(&self, given: &str) -> bool {
        same(&self.0, &digest(given))
    }

    /// The cookie value a browser keeps instead of the token.
    pub fn cookie(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"rolecluster cookie");
        hasher.update(self.0);
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `given` is the [`Token::cookie`].
    pub fn is_cookie(&self, given: &str) -> bool {
        same(&digest(&self.cookie()), &digest(given))
    }
}

/// Compares every byte of two digests, so that neither the length of a guess nor a common prefix
/// shows in the time.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let differing = a.iter().zip(b).fold(0u8, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(differing) == 0
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() < FEWEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "a token is {FEWEST} or more letters, digits and signs without blanks; \
                 `openssl rand -hex 16` makes a good one"
            ));
        }
        Ok(Token(digest(text)))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_itself_and_its_cookie_only_as_a_cookie() {
        let token: Token = "0123456789abcdef".parse().unwrap();
        assert!(token.is("0123456789abcdef"));
        for wrong in ["", "0123456789abcdeF", "0123456789abcde", "0123456789abcdef0"] {
            assert!(!token.is(wrong), "{wrong}");
        }
        let cookie = token.cookie();
        assert!(token.is_cookie(&cookie) && !token.is(&cookie));
        assert!(!token.is_cookie("0123456789abcdef"));
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn a_short_token_or_one_that_no_header_can_hold_is_refused() {
        for wrong in ["", "short", "0123456789 abcdef", "0123456789abcdé", "0123456789abcde\n"] {
            assert!(wrong.parse::<Token>().is_err(), "{wrong:?}");
        }
    }
}
