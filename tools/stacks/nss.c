/* NSS with its default check as one end of a handshake: nss server|client PORT FOLDER.
 * FOLDER/db holds the certificate "own" with its key, and the root with trust flags CT. */
#include "ends.h"
#include <cert.h>
#include <nspr.h>
#include <nss.h>
#include <pk11pub.h>
#include <private/pprio.h>
#include <secerr.h>
#include <ssl.h>

static void check(int good) {
    char text[512];
    if (good) return;
    snprintf(text, sizeof text, "%s: %s", PR_ErrorToName(PR_GetError()),
             PR_ErrorToString(PR_GetError(), PR_LANGUAGE_I_DEFAULT));
    stop(text);
}

int main(int count, char **words) {
    char place[4200], byte[1];
    PRFileDesc *plain, *secret;
    CERTCertificate *own;
    SECKEYPrivateKey *key;
    int found = reached(count, words);
    PR_Init(PR_USER_THREAD, PR_PRIORITY_NORMAL, 0);
    snprintf(place, sizeof place, "sql:%s", file("db"));
    check(NSS_Init(place) == SECSuccess);
    own = PK11_FindCertFromNickname("own", NULL);
    check(own != NULL);
    key = PK11_FindKeyByAnyCert(own, NULL);
    check(key != NULL);
    plain = PR_ImportTCPSocket(found);
    secret = SSL_ImportFD(NULL, plain);
    check(secret != NULL);
    SSL_OptionSet(secret, SSL_SECURITY, PR_TRUE);
    SSL_OptionSet(secret, is_server ? SSL_HANDSHAKE_AS_SERVER : SSL_HANDSHAKE_AS_CLIENT, PR_TRUE);
    SSL_AuthCertificateHook(secret, SSL_AuthCertificate, CERT_GetDefaultCertDB());
    if (is_server) {
        SSL_ConfigServerSessionIDCache(0, 0, 0, folder);
        check(SSL_ConfigServerCert(secret, own, key, NULL, 0) == SECSuccess);
        SSL_OptionSet(secret, SSL_REQUEST_CERTIFICATE, PR_TRUE);
        SSL_OptionSet(secret, SSL_REQUIRE_CERTIFICATE, SSL_REQUIRE_ALWAYS);
    } else {
        SSL_SetURL(secret, "localhost");
        SSL_GetClientAuthDataHook(secret, NSS_GetClientAuthData, getenv("NSS_NICKNAME"));
    }
    check(SSL_ResetHandshake(secret, is_server) == SECSuccess);
    check(SSL_ForceHandshake(secret) == SECSuccess);
    check(PR_Write(secret, "k", 1) == 1);
    check(PR_Read(secret, byte, 1) == 1);
    puts("ok");
    return 0;
}
