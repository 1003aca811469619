// Go's crypto/tls as one end of a handshake: go run driver.go server|client PORT FOLDER.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

func stop(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	role, port, folder := os.Args[1], os.Args[2], os.Args[3]
	own, err := tls.LoadX509KeyPair(filepath.Join(folder, "own.pem"), filepath.Join(folder, "key.pem"))
	stop(err)
	pem, err := os.ReadFile(filepath.Join(folder, "root.pem"))
	stop(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	config := &tls.Config{
		Certificates: []tls.Certificate{own},
		RootCAs:      roots,
		ServerName:   "localhost",
		ClientCAs:    roots,
		ClientAuth:   tls.RequireAndVerifyClientCert,
	}
	plain, err := net.Dial("tcp", "127.0.0.1:"+port)
	stop(err)
	defer plain.Close()
	secret := tls.Client(plain, config)
	if role == "server" {
		secret = tls.Server(plain, config)
	}
	stop(secret.Handshake())
	// Each end says a byte, since over TLS 1.3 a refusal comes after the client's handshake.
	_, err = secret.Write([]byte("k"))
	stop(err)
	_, err = secret.Read(make([]byte, 1))
	stop(err)
	fmt.Println("ok")
}
