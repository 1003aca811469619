/* What the drivers in C share: arguments, files, and a connection to 127.0.0.1. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int is_server;
static const char *folder;

static const char *file(const char *name) {
    static char paths[8][4096];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void stop(const char *text) {
    puts(text);
    exit(1);
}

/* Reads the arguments server|client PORT FOLDER and returns a socket to that port. */
static int reached(int count, char **words) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    int found = socket(AF_INET, SOCK_STREAM, 0);
    if (count != 4) stop("use: DRIVER server|client PORT FOLDER");
    is_server = !strcmp(words[1], "server");
    folder = words[3];
    to.sin_port = htons((unsigned short)atoi(words[2]));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(found, (struct sockaddr *)&to, sizeof to)) stop("no connection");
    return found;
}
