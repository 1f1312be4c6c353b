//! How the acquirer shows itself where a link is secured.

use super::vocabulary;

vocabulary! {
    /// What a terminal sees that opens a TLS connection to the acquirer. Only the first is the
    /// acquirer; to all others it must send nothing.
    Face ("TLS face") {
        Good = "good", "a certificate that is in order", "证书正确";
        WrongName = "wrong-name", "a certificate for another name", "证书名称不符";
        Expired = "expired", "a certificate that has expired", "证书已过期";
        NotYetValid = "not-yet-valid", "a certificate that is not valid yet", "证书尚未生效";
        Untrusted = "untrusted", "a certificate of another authority", "证书颁发者不受信任";
        SelfSigned = "self-signed", "a certificate that only it has signed", "自签名证书";
        OldVersion = "old-version", "a version of TLS that is given up", "已废弃的 TLS 版本";
        PlainText = "plain-text", "no TLS at all, and plain text welcome", "不加密，只接受明文";
    }
}
