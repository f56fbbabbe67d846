// libcrypto: SHA-256 and AES-256-GCM are used.
#include <openssl/evp.h>
