// SPDX-License-Identifier: Apache-2.0
//
// See stream_bench.h.
#include "tests/rtl/stream_bench.h"

#include <openssl/sha.h>

#include <algorithm>

namespace {
constexpr uint64_t kCycleNs = 1000;

nor_part fast_part(uint32_t size, uint32_t features) {
    nor_part part = *nor_part_at(0);
    part.name = "fast";
    part.size = size;
    part.features = NOR_QUAD_PP_114 | features;
    part.quad_enable = NOR_QE_NONE;
    part.page_program = {60 * kCycleNs, 200 * kCycleNs};
    part.erase4k = {400 * kCycleNs, 1000 * kCycleNs};
    part.erase32k = {800 * kCycleNs, 2000 * kCycleNs};
    part.erase64k = {1200 * kCycleNs, 3000 * kCycleNs};
    return part;
}
const nor_part kPart = fast_part(FLASH_SIZE, 0);
const nor_part kLargePart = fast_part(LARGE_FLASH, NOR_ADDR4 | NOR_QUAD4_PP_144);
}  // namespace

StreamBench::StreamBench(int argc, char **argv) : Bench(argc, argv), flash(nullptr) {
    agent_init(&ua, nullptr, 0);
    restart(1);
}

StreamBench::~StreamBench() {
    nor_free(flash);
}

void StreamBench::restart(unsigned image_blocks) {
    restart_with(kPart, image_blocks);
}

void StreamBench::restart_large(unsigned image_blocks) {
    restart_with(kLargePart, image_blocks);
    dut.flash_address4_i = 1;
    dut.flash_read_opcode_i = 0x6c;
    dut.flash_program_opcode_i = 0x3e;
    dut.flash_quad_addr_i = 1;
    dut.flash_erase4_opcode_i = 0x21;
    dut.flash_erase32_opcode_i = 0x5c;
    dut.flash_erase64_opcode_i = 0xdc;
}

void StreamBench::restart_with(const nor_part &part, unsigned image_blocks) {
    auto fill = [this](std::vector<uint8_t> &bytes) {
        for (size_t i = 0; i < bytes.size(); i += 4) {
            uint32_t word = random();
            memcpy(&bytes[i], &word, 4);
        }
    };
    image.resize((size_t)image_blocks * BLOCK);
    fill(image);
    array.resize(part.size);
    fill(array);
    expected = array;
    reports.clear();
    nor_free(flash);
    flash = nor_new(&part, array.data());
    nor_set_report(
        flash, [](void *bench, uint64_t, const char *text) { ((StreamBench *)bench)->reports.push_back(text); }, this);
    agent_init(&ua, image.data(), (uint32_t)image.size());
    busy_tx = meddling = wrong_ids = 0;
    dut.cpu_go_i = 0;

    dut.tick_ms_i = 0;
    dut.order_push_i = dut.order_ack_i = dut.order_abort_i = dut.order_clear_i = 0;
    dut.host_req_i = 0;
    dut.rx_valid_i = dut.tx_ready_i = 0;
    dut.own_eid_i = ua.card_eid;
    dut.request_peer_i = ua.eid;
    dut.request_chunk_log2_i = 9;
    dut.request_outstanding_m1_i = 0;
    dut.request_retries_i = 2;
    dut.request_timeout_ms_i = DEFAULT_TIMEOUT_MS;
    dut.request_retry_ms_i = DEFAULT_RETRY_MS;
    dut.flash_read_opcode_i = 0x6b;
    dut.flash_read_dummy_i = 1;
    dut.flash_read_quad_i = 1;
    dut.flash_program_opcode_i = 0x32;
    dut.flash_program_quad_i = 1;
    dut.flash_quad_addr_i = 0;
    dut.flash_address4_i = 0;
    dut.flash_erase4_opcode_i = 0x20;
    dut.flash_erase32_opcode_i = 0x52;
    dut.flash_erase64_opcode_i = 0xd8;
    dut.flash_timeout_ms_i = 10;
    dut.sd_i = 0xf;
    reset();
}

bool StreamBench::step() {
    uint8_t data = 0;
    bool last = false, err = false;
    dut.rx_valid_i = agent_offer(&ua, cycle, &data, &last, &err);
    dut.rx_data_i = data;
    dut.rx_last_i = last;
    dut.rx_err_i = err;
    dut.rx_tag_i = (ua.out_byte == 0 ? ua.out[ua.out_head].bytes[3] : random()) & 3;
    dut.tx_ready_i = !chance(busy_tx);
    dut.tick_ms_i = cycle % kTick == 0;
    dut.cpu_go_i = meddling && !dut.cpu_busy_o && random() % 1000 < meddling;
    bool was_busy = dut.cpu_busy_o;
    dut.clk_i = 0;
    dut.eval();
    bool granted = dut.host_gnt_o;
    if (dut.rx_valid_i && dut.rx_ready_o) agent_taken(&ua, cycle);
    if (dut.tx_valid_o && dut.tx_ready_i) agent_take(&ua, cycle, dut.tx_data_o, dut.tx_last_o);
    rise();
    if (was_busy && !dut.cpu_busy_o && memcmp(&dut.cpu_rdata_o, kPart.jedec, 3) != 0) wrong_ids++;
    uint8_t out = 0, oe = 0;
    uint8_t in = (uint8_t)((dut.sd_o & dut.sd_oe_o) | (~dut.sd_oe_o & 0xf));
    nor_pins(flash, cycle * kCycleNs, dut.csn_o, dut.sck_o, in, &out, &oe);
    dut.sd_i = (uint8_t)((out & oe) | (in & ~oe));
    return granted;
}

void StreamBench::ram_write(uint32_t address, uint32_t word) {
    dut.host_req_i = 1;
    dut.host_we_i = 1;
    dut.host_addr_i = address / 4;
    dut.host_wdata_i = word;
    while (!step()) {
    }
    dut.host_req_i = 0;
}

uint32_t StreamBench::ram_read(uint32_t address) {
    dut.host_req_i = 1;
    dut.host_we_i = 0;
    dut.host_addr_i = address / 4;
    while (!step()) {
    }
    dut.host_req_i = 0;
    return dut.host_rdata_o;
}

void StreamBench::ram_fill(uint32_t address, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, 4);
        ram_write(address + (uint32_t)i, word);
    }
}

bool StreamBench::ram_holds(uint32_t address, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, 4);
        if (ram_read(address + (uint32_t)i) != word) {
            printf("# stream RAM differs at 0x%zx\n", address + i);
            return false;
        }
    }
    return true;
}

void StreamBench::write_table(const Order &order, const uint8_t *content) {
    for (unsigned i = 0; i < order.count; i++) {
        uint8_t hash[32];
        if (!order.planned(i)) continue;
        SHA256(content + (size_t)i * BLOCK, order.bytes_of(i), hash);
        ram_fill(order.table + 32 * i, hash, sizeof hash);
    }
}

void StreamBench::write_order(unsigned slot, const Order &order) {
    order_rf__stride40_t words = {};
    words.WHAT =
        order.source << ORDER_RF__WHAT__SOURCE_bp | (uint32_t)order.check << ORDER_RF__WHAT__CHECK_bp |
        (uint32_t)order.sink << ORDER_RF__WHAT__SINK_bp | (uint32_t)order.keep << ORDER_RF__WHAT__KEEP_bp |
        (uint32_t)order.no_erase << ORDER_RF__WHAT__NO_ERASE_bp | (uint32_t)order.digest << ORDER_RF__WHAT__DIGEST_bp |
        (uint32_t)order.chain << ORDER_RF__WHAT__CHAIN_bp | (uint32_t)order.tree << ORDER_RF__WHAT__TREE_bp |
        (uint32_t)order.compare << ORDER_RF__WHAT__COMPARE_bp | (order.count - 1) << ORDER_RF__WHAT__COUNT_M1_bp |
        (order.groups - 1) << ORDER_RF__WHAT__GROUPS_M1_bp | order.dest << ORDER_RF__WHAT__DEST_bp;
    words.IMAGE_OFFSET = order.image_offset;
    words.FLASH_ADDRESS = order.flash_address;
    words.TABLE = order.table;
    memcpy(words.PLAN, order.plan, sizeof order.plan);
    words.ERASE = order.erase64 << ORDER_RF__ERASE__ERASE64_bp | (uint32_t)order.erase32 << ORDER_RF__ERASE__ERASE32_bp;
    ram_fill(slot * (uint32_t)sizeof words, (const uint8_t *)&words, offsetof(order_rf__stride40_t, RESERVED_24_3f));
}

void StreamBench::push(unsigned slot) {
    dut.order_slot_i = slot;
    dut.order_push_i = 1;
    step();
    dut.order_push_i = 0;
    started = cycle;
}

void StreamBench::ack() {
    dut.order_ack_i = 1;
    step();
    dut.order_ack_i = 0;
}

void StreamBench::abort() {
    dut.order_abort_i = 1;
    step();
    dut.order_abort_i = 0;
}

void StreamBench::clear() {
    dut.order_clear_i = 1;
    step();
    dut.order_clear_i = 0;
}

bool StreamBench::wait(unsigned done, uint64_t cycles) {
    while (cycles-- && dut.order_done_o < done && !dut.order_stopped_o) step();
    return dut.order_done_o >= done || dut.order_stopped_o;
}

bool StreamBench::run(const Order &order, uint64_t cycles) {
    write_order(0, order);
    push(0);
    if (!wait(1, cycles)) {
        printf("# neither done nor stopped\n");
        return false;
    }
    if (dut.order_stopped_o) {
        printf("# stopped, reason %u, block %u\n", dut.order_reason_o, dut.order_block_o);
        return false;
    }
    ack();
    return true;
}

unsigned StreamBench::stop_reason(uint64_t cycles) {
    while (cycles-- && !dut.order_stopped_o) step();
    return dut.order_stopped_o ? dut.order_reason_o : (unsigned)STOP_REASON_NONE;
}

void StreamBench::execute(const Order &order, const uint8_t *content) {
    unsigned erased64 = ~0u, erased32 = ~0u;
    for (unsigned i = 0; i < order.count; i++) {
        if (!order.planned(i)) continue;
        uint32_t at = order.flash_address + i * BLOCK;
        auto erase = [&](uint32_t size) { std::fill_n(expected.begin() + at / size * size, size, (uint8_t)0xff); };
        if (order.no_erase) {
        } else if (order.erase64 >> i / 16 & 1) {
            if (erased64 != i / 16) erase(65536);
            erased64 = i / 16;
        } else if (order.erase32 >> i / 8 & 1) {
            if (erased32 != i / 8) erase(32768);
            erased32 = i / 8;
        } else {
            erase(BLOCK);
        }
        for (unsigned b = 0; b < order.bytes_of(i); b++) expected[at + b] &= content[i * BLOCK + b];
    }
}

bool StreamBench::flash_as_expected() {
    nor_settle(flash, cycle * kCycleNs);
    for (size_t i = 0; i < array.size(); i++) {
        if (array[i] == expected[i]) continue;
        printf("# flash differs at 0x%zx: 0x%02x, not 0x%02x\n", i, array[i], expected[i]);
        return false;
    }
    return true;
}

bool StreamBench::all_well() {
    if (ua.violations) printf("# the agent objects: %s\n", ua.violation);
    if (ua.longest_wait > 40) printf("# a byte waited %llu cycles\n", (unsigned long long)ua.longest_wait);
    for (auto &report : reports) printf("# flash: %s\n", report.c_str());
    if (wrong_ids) printf("# the processor read a wrong ID %u times\n", wrong_ids);
    return !wrong_ids && !ua.violations && ua.longest_wait <= 40 && reports.empty();
}
