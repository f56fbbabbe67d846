#include <microhttpd.h>

// Unescapes a path or a parameter in place. An escaped zero would end the text here, so that '/livez%00x'
// were '/livez': it becomes a byte that no text has.
static inline size_t facewarden_unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    char *target = text;
    for (const char *source = text; *source; source++) {
        if (source[0] == '%' && source[1] == '0' && source[2] == '0') {
            *target++ = (char)0xFF;
            source += 2;
        } else {
            *target++ = *source;
        }
    }
    *target = 0;
    return MHD_http_unescape(text);
}

// `MHD_start_daemon` takes its options as variable arguments, which Swift cannot pass: this fixes the
// ones in use. The connections are served by one polling thread; `key` and `certificate` are PEM texts,
// NULL without TLS.
static inline struct MHD_Daemon *facewarden_start_daemon(
    int listening, MHD_AccessHandlerCallback handler, MHD_RequestCompletedCallback completed,
    MHD_NotifyConnectionCallback notify, void *context, unsigned connections,
    unsigned connections_per_address, size_t header_bytes, unsigned idle_seconds, const char *key,
    const char *certificate)
{
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, listening, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)connections_per_address, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)header_bytes, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)idle_seconds, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, context},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notify, context},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)facewarden_unescape, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    if (key && certificate) {
        flags |= MHD_USE_TLS;
        options[9] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key};
        options[10] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate};
    }
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// Members of a union that Swift imports awkwardly.
static inline int facewarden_connection_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *facewarden_client_address(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}
