// Node's tls as one end of a handshake: node driver.js server|client PORT FOLDER.
'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');

const [role, port, folder] = process.argv.slice(2);
const file = (name) => fs.readFileSync(path.join(folder, name));
const own = { cert: file('own.pem'), key: file('key.pem'), ca: file('root.pem') };

function end(text, code) {
  console.log(text);
  process.exit(code);
}

function talk(secret) {
  // Each end says a byte, since over TLS 1.3 a refusal comes after the client's handshake.
  secret.once('data', () => end('ok', 0));
  secret.write('k');
}

function failed(error) {
  end(`${error.code || ''} ${error.message}`.trim().replace(/\s+/g, ' '), 1);
}

const plain = net.connect(Number(port), '127.0.0.1', () => {
  if (role === 'client') {
    const secret = tls.connect({ ...own, socket: plain, servername: 'localhost' }, () => talk(secret));
    secret.on('error', failed);
    secret.on('close', () => end('closed', 1));
    return;
  }
  // A server that listens nowhere: it is handed a connection that was made already.
  const server = tls.createServer({ ...own, requestCert: true, rejectUnauthorized: true }, talk);
  server.on('tlsClientError', failed);
  server.emit('connection', plain);
  plain.on('close', () => end('closed after the handshake, without an alert or an error event', 1));
  return;
});
plain.on('error', failed);
