// libcrypto's message digests; only SHA-256 is used.
#include <openssl/evp.h>
