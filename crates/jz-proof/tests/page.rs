//! The offline page stays what it promises: one file, no network, only its own scripts.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jz_proof::page::{PAGE, page_with};
use jz_proof::{Cosigner, Signer};
use sha2::{Digest as _, Sha256};

fn scripts(page: &str) -> Vec<&str> {
    page.split("<script ")
        .skip(1)
        .map(|part| part.split_once('>').unwrap().1.split_once("</script>").unwrap().0)
        .collect()
}

#[test]
fn only_its_own_scripts_may_run() {
    let policy = PAGE.lines().find(|l| l.contains("Content-Security-Policy")).unwrap();
    let scripts = scripts(PAGE);
    assert_eq!(scripts.len(), 2);
    for script in scripts {
        let digest = format!("'sha256-{}'", B64.encode(Sha256::digest(script)));
        assert!(policy.contains(&digest), "the policy of the page must name {digest}");
    }
    assert!(policy.contains("default-src 'none'") && !policy.contains("connect-src"));
    assert!(!policy.split("script-src").nth(1).unwrap().contains("unsafe"));
}

#[test]
fn it_reaches_for_nothing() {
    for word in
        ["http://", "https://", "src=", "href=", "fetch(", "XMLHttp", "import ", "eval(", "innerHTML", "url("]
    {
        assert!(!PAGE.contains(word), "{word}");
    }
}

#[test]
fn keys_are_filled_in_and_the_scripts_stay() {
    let log = Signer::ed25519("a&b<c>.example", &[1; 32]).unwrap();
    let witness = Cosigner::new("w.example", &[2; 32]).unwrap();
    let page = page_with(&[log.verifier().clone(), witness.verifier().clone()]);
    assert!(page.contains("a&amp;b&lt;c&gt;.example+"));
    assert!(page.contains(&format!("\n{}</textarea>", witness.verifier())));
    assert_eq!(scripts(&page), scripts(PAGE));
    assert_eq!(page_with(&[]), PAGE);
}

#[test]
fn everything_one_fills_in_has_a_label() {
    for id in ["keys", "file", "text"] {
        assert!(PAGE.contains(&format!("<label for=\"{id}\">")), "{id}");
    }
    assert!(PAGE.contains("<html lang=\"zh-CN\">") && PAGE.contains("role=\"status\""));
}
