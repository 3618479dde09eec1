// SPDX-License-Identifier: Apache-2.0
//
// What decides a chip's future, see nor_visit() in nor.h.
#include "sim/nor_internal.h"

void nor_visit(const struct nor *n, void (*see)(void *ctx, const void *bytes, size_t len), void *ctx) {
    const struct nor_operation *op = &n->op;
    const uint64_t always[] = {n->csn,
                               n->sck,
                               n->powered,
                               n->out,
                               n->oe,
                               n->write_enabled,
                               n->volatile_enabled,
                               n->deep_power_down,
                               n->addr4,
                               n->reset_enabled,
                               n->stuck,
                               n->status[0],
                               n->status[1],
                               n->status_kept[0],
                               n->status_kept[1],
                               n->ready_ns,
                               n->defect,
                               n->defect_left,
                               op->under_way};
    const uint64_t selected[] = {n->phase, n->lines, n->left,    n->out_left, n->out_byte,
                                 n->shift, n->room,  n->address, n->count,    n->overrun};
    const uint64_t works[] = {op->action, op->size_log2, op->address,   op->length,   op->start_ns,
                              op->end_ns, op->void_,     op->status[0], op->status[1]};
    see(ctx, always, sizeof always);
    if (!n->csn) see(ctx, selected, sizeof selected);
    if (!n->csn && n->phase != PHASE_OPCODE) see(ctx, &n->instruction, sizeof(const struct nor_instruction *));
    if (op->under_way) see(ctx, works, sizeof works);
    if (!n->csn || op->under_way) see(ctx, n->page, sizeof n->page);
}
