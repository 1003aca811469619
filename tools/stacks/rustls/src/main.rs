//! rustls as one end of a handshake: rustls-driver server|client PORT FOLDER.
use rustls::server::AllowAnyAuthenticatedClient;
use rustls::{Certificate, ClientConfig, ClientConnection, PrivateKey, RootCertStore};
use rustls::{ServerConfig, ServerConnection};
use std::error::Error;
use std::io::{BufReader, Read, Write};
use std::{env, fs::File, net::TcpStream, path::Path, process, sync::Arc};

type Failure = Box<dyn Error>;

fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let found = rustls_pemfile::certs(&mut BufReader::new(File::open(path)?))?;
    Ok(found.into_iter().map(Certificate).collect())
}

// Each end says a byte, since over TLS 1.3 a refusal comes after the client's handshake.
fn talk(secret: &mut (impl Read + Write)) -> Result<(), Failure> {
    secret.write_all(b"k")?;
    secret.flush()?;
    secret.read_exact(&mut [0; 1])?;
    Ok(())
}

fn run(role: &str, port: u16, folder: &Path) -> Result<(), Failure> {
    let own = certificates(&folder.join("own.pem"))?;
    let mut keys = rustls_pemfile::pkcs8_private_keys(&mut BufReader::new(File::open(
        folder.join("key.pem"),
    )?))?;
    let key = PrivateKey(keys.remove(0));
    let mut roots = RootCertStore::empty();
    for root in certificates(&folder.join("root.pem"))? {
        roots.add(&root)?;
    }
    let mut plain = TcpStream::connect(("127.0.0.1", port))?;
    if role == "server" {
        let config = ServerConfig::builder()
            .with_safe_defaults()
            .with_client_cert_verifier(AllowAnyAuthenticatedClient::new(roots))
            .with_single_cert(own, key)?;
        let mut end = ServerConnection::new(Arc::new(config))?;
        return talk(&mut rustls::Stream::new(&mut end, &mut plain));
    }
    let config = ClientConfig::builder()
        .with_safe_defaults()
        .with_root_certificates(roots)
        .with_single_cert(own, key)?;
    let mut end = ClientConnection::new(Arc::new(config), "localhost".try_into()?)?;
    talk(&mut rustls::Stream::new(&mut end, &mut plain))
}

fn main() {
    let words: Vec<String> = env::args().collect();
    let port = words[2].parse().expect("a port");
    if let Err(error) = run(&words[1], port, Path::new(&words[3])) {
        println!("{error}");
        process::exit(1);
    }
    println!("ok");
}
