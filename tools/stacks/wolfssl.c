/* wolfSSL by its own interface as one end of a handshake: wolfssl server|client PORT FOLDER. */
#include "ends.h"
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

static void check(int good, WOLFSSL *session, int result) {
    char text[WOLFSSL_MAX_ERROR_SZ] = "a file was refused";
    if (good) return;
    if (session) wolfSSL_ERR_error_string((unsigned long)wolfSSL_get_error(session, result), text);
    stop(text);
}

int main(int count, char **words) {
    int found = reached(count, words), result;
    char byte[1];
    WOLFSSL_CTX *context;
    WOLFSSL *session;
    wolfSSL_Init();
    context = wolfSSL_CTX_new(is_server ? wolfSSLv23_server_method() : wolfSSLv23_client_method());
    check(wolfSSL_CTX_use_certificate_chain_file(context, file("own.pem")) == 1, NULL, 0);
    check(wolfSSL_CTX_use_PrivateKey_file(context, file("key.pem"), WOLFSSL_FILETYPE_PEM) == 1,
          NULL, 0);
    check(wolfSSL_CTX_load_verify_locations(context, file("root.pem"), NULL) == 1, NULL, 0);
    wolfSSL_CTX_set_verify(
        context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    session = wolfSSL_new(context);
    if (!is_server) check(wolfSSL_check_domain_name(session, "localhost") == 1, NULL, 0);
    wolfSSL_set_fd(session, found);
    result = is_server ? wolfSSL_accept(session) : wolfSSL_connect(session);
    check(result == 1, session, result);
    result = wolfSSL_write(session, "k", 1);
    check(result == 1, session, result);
    result = wolfSSL_read(session, byte, 1);
    check(result == 1, session, result);
    puts("ok");
    return 0;
}
