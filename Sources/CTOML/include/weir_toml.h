// A TOML document as a flat list of nodes in document order, parents before children, each with the
// line and column (from 1) of its key and of its value. Nothing here throws or aborts on any bytes.
#ifndef WEIR_TOML_H
#define WEIR_TOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    WEIR_TOML_MAXIMUM_BYTES = 1 << 20,
    WEIR_TOML_MAXIMUM_NODES = 65536,
    WEIR_TOML_MAXIMUM_DEPTH = 16,
    // Dotted keys nest without brackets; this bounds their depth before anything is parsed. All dots of a line
    // count, in strings and comments too.
    WEIR_TOML_MAXIMUM_DOTS_PER_LINE = 100,
};

typedef enum weir_toml_kind {
    WEIR_TOML_TABLE,
    WEIR_TOML_ARRAY,
    WEIR_TOML_STRING,
    WEIR_TOML_INTEGER,
    WEIR_TOML_FLOAT,
    WEIR_TOML_BOOLEAN,
    WEIR_TOML_TIME,
} weir_toml_kind;

typedef struct weir_toml_node {
    weir_toml_kind kind;
    size_t parent;               // index of the parent; the root (index 0) is its own parent
    const char *_Nullable key;   // NULL in an array and at the root; UTF-8, not terminated
    size_t key_length;
    uint32_t key_line, key_column;
    uint32_t line, column;       // of the value
    const char *_Nullable text;  // of a string; UTF-8, not terminated
    size_t text_length;
    int64_t integer;             // of an integer, or 0 and 1 for a boolean
    double number;               // of a float
} weir_toml_node;

typedef struct weir_toml_document weir_toml_document;

// Parses `count` bytes. NULL only when memory is exhausted; a document that did not parse has an
// error and no nodes. Texts live as long as the document.
weir_toml_document *_Nullable weir_toml_parse(const char *_Nonnull bytes, size_t count);
void weir_toml_free(weir_toml_document *_Nonnull document);

size_t weir_toml_node_count(const weir_toml_document *_Nonnull document);
weir_toml_node weir_toml_node_at(const weir_toml_document *_Nonnull document, size_t index);

// What is wrong, terminated, or NULL when the document parsed.
const char *_Nullable weir_toml_error(const weir_toml_document *_Nonnull document, uint32_t *_Nonnull line,
                                      uint32_t *_Nonnull column);

#ifdef __cplusplus
}
#endif
#endif
