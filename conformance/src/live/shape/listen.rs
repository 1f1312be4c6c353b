//! A listener of which every connection is relayed to another address, all over one link.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::{Framing, Radio, Stamped};

/// How long to wait where the process has no descriptors left, before asking for one again.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// Relays every connection to `to`, for as long as it is let run. Connections under way go on
/// without it.
pub async fn relay_all(listener: TcpListener, radio: Radio, to: String, framing: Framing) {
    loop {
        let Ok((terminal, _)) = listener.accept().await else {
            tokio::time::sleep(OUT_OF_DESCRIPTORS).await;
            continue;
        };
        // What is delayed here, the link delays.
        let _ = terminal.set_nodelay(true);
        let (radio, to) = (radio.clone(), to.clone());
        tokio::spawn(async move {
            let host = async {
                let host = TcpStream::connect(to).await?;
                host.set_nodelay(true)?;
                Ok(Stamped::new(host))
            };
            radio.relay(Stamped::new(terminal), host, framing).await;
        });
    }
}
