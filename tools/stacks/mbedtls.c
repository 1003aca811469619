/* Mbed TLS as one end of a handshake: mbedtls server|client PORT FOLDER. */
#include "ends.h"
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>

static void check(int result, mbedtls_ssl_context *session) {
    char text[1024];
    unsigned flags = session ? mbedtls_ssl_get_verify_result(session) : 0;
    if (result >= 0) return;
    if (flags && flags != 0xFFFFFFFF) mbedtls_x509_crt_verify_info(text, sizeof text, "", flags);
    else mbedtls_strerror(result, text, sizeof text);
    stop(text);
}

int main(int count, char **words) {
    mbedtls_net_context net = {.fd = reached(count, words)};
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt own, root;
    mbedtls_pk_context key;
    mbedtls_ssl_config config;
    mbedtls_ssl_context session;
    unsigned char byte[1];
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&own);
    mbedtls_x509_crt_init(&root);
    mbedtls_pk_init(&key);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&session);
    check(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0), NULL);
    check(mbedtls_x509_crt_parse_file(&own, file("own.pem")), NULL);
    check(mbedtls_x509_crt_parse_file(&root, file("root.pem")), NULL);
    check(mbedtls_pk_parse_keyfile(&key, file("key.pem"), NULL), NULL);
    check(mbedtls_ssl_config_defaults(&config, is_server ? MBEDTLS_SSL_IS_SERVER
                                                         : MBEDTLS_SSL_IS_CLIENT,
                                      MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
          NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_ca_chain(&config, &root, NULL);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    check(mbedtls_ssl_conf_own_cert(&config, &own, &key), NULL);
    check(mbedtls_ssl_setup(&session, &config), NULL);
    if (!is_server) check(mbedtls_ssl_set_hostname(&session, "localhost"), NULL);
    mbedtls_ssl_set_bio(&session, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
    check(mbedtls_ssl_handshake(&session), &session);
    check(mbedtls_ssl_write(&session, (unsigned char *)"k", 1), NULL);
    check(mbedtls_ssl_read(&session, byte, 1), NULL);
    puts("ok");
    return 0;
}
