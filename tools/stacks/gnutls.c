/* GnuTLS as one end of a handshake, with its documented check: gnutls server|client PORT FOLDER. */
#include "ends.h"
#include <gnutls/gnutls.h>

static void check(int result) {
    if (result < 0) stop(gnutls_strerror(result));
}

int main(int count, char **words) {
    int found = reached(count, words), result;
    char byte[1];
    gnutls_datum_t told = {0};
    gnutls_certificate_credentials_t own;
    gnutls_session_t session;
    check(gnutls_certificate_allocate_credentials(&own));
    check(gnutls_certificate_set_x509_key_file(own, file("own.pem"), file("key.pem"),
                                               GNUTLS_X509_FMT_PEM));
    check(gnutls_certificate_set_x509_trust_file(own, file("root.pem"), GNUTLS_X509_FMT_PEM));
    check(gnutls_init(&session, is_server ? GNUTLS_SERVER : GNUTLS_CLIENT));
    check(gnutls_set_default_priority(session));
    check(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, own));
    if (is_server) gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    else gnutls_server_name_set(session, GNUTLS_NAME_DNS, "localhost", 9);
    gnutls_session_set_verify_cert(session, is_server ? NULL : "localhost", 0);
    gnutls_transport_set_int(session, found);
    do result = gnutls_handshake(session);
    while (result < 0 && !gnutls_error_is_fatal(result));
    if (result == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
        unsigned status = gnutls_session_get_verify_cert_status(session);
        gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &told, 0);
        gnutls_alert_send_appropriate(session, result);
        stop((char *)told.data);
    }
    check(result);
    check(gnutls_record_send(session, "k", 1));
    do result = gnutls_record_recv(session, byte, 1);
    while (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED);
    check(result);
    puts("ok");
    return 0;
}
