import java.io.FileInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** JSSE as one end of a handshake: java Driver server|client PORT FOLDER. */
public final class Driver {
    public static void main(String[] args) {
        try {
            run(args[0].equals("server"), Integer.parseInt(args[1]), Path.of(args[2]));
            System.out.println("ok");
        } catch (Exception error) {
            Throwable told = error;
            StringBuilder text = new StringBuilder(told.toString());
            while ((told = told.getCause()) != null) {
                text.append(" <- ").append(told);
            }
            System.out.println(text.toString().replace('\n', ' '));
            System.exit(1);
        }
    }

    private static void run(boolean server, int port, Path folder) throws Exception {
        char[] password = "stacks".toCharArray();
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(folder.resolve("own.p12").toFile())) {
            own.load(file, password);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream file = Files.newInputStream(folder.resolve("root.pem"))) {
            trusted.setCertificateEntry(
                "root", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        Socket plain = new Socket("127.0.0.1", port);
        try (SSLSocket secret = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, "localhost", port, true)) {
            secret.setUseClientMode(!server);
            if (server) {
                secret.setNeedClientAuth(true);
            } else {
                SSLParameters named = secret.getSSLParameters();
                named.setEndpointIdentificationAlgorithm("HTTPS");
                secret.setSSLParameters(named);
            }
            secret.startHandshake();
            // Each end says a byte, since over TLS 1.3 a refusal comes after the handshake.
            secret.getOutputStream().write('k');
            secret.getInputStream().read();
        }
    }
}
