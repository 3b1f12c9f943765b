/* The part of Node-API that the addon uses, declared from its public documentation, so that no headers of Node are needed. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
typedef int napi_status; /* 0: done */
typedef int napi_typedarray_type;

extern napi_status napi_create_function(
    napi_env env, const char *name, size_t length, napi_callback call, void *data, napi_value *result);
extern napi_status napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);
extern napi_status napi_get_cb_info(
    napi_env env, napi_callback_info info, size_t *count, napi_value *values, napi_value *self, void **data);
extern napi_status napi_get_typedarray_info(
    napi_env env, napi_value array, napi_typedarray_type *type, size_t *length, void **data, napi_value *buffer, size_t *offset);
extern napi_status napi_get_value_double(napi_env env, napi_value value, double *result);
extern napi_status napi_create_double(napi_env env, double value, napi_value *result);
extern napi_status napi_create_string_utf8(napi_env env, const char *text, size_t length, napi_value *result);
extern napi_status napi_create_array(napi_env env, napi_value *result);
extern napi_status napi_set_element(napi_env env, napi_value array, uint32_t index, napi_value value);
extern napi_status napi_get_undefined(napi_env env, napi_value *result);
extern napi_status napi_call_function(
    napi_env env, napi_value self, napi_value function, size_t count, const napi_value *values, napi_value *result);
