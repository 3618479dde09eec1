// SPDX-License-Identifier: Apache-2.0
//
// The stream RAM arbiter with three clients that ask at random, against a model of the memory: who is granted, what a
// read returns, which bytes a write changes. RAM_WORDS is the size that the model was built with.
#include "Vstream_ram_arbiter.h"

#include "bench.h"

#include <vector>

using Arbiter = Bench<Vstream_ram_arbiter>;

static const unsigned clients = 3;

struct Request {
    bool req, we;
    unsigned be;
    uint32_t addr, wdata;
};

// Packs sluice_pkg::ram_req_t: req, we, be[4], addr[17], wdata[32], most significant first; client 0 lowest.
static void drive(Arbiter &b, const Request (&requests)[clients]) {
    const unsigned width = 55;
    for (unsigned word = 0; word < (clients * width + 31) / 32; word++) b.dut.req_i[word] = 0;
    for (unsigned c = 0; c < clients; c++) {
        const Request &r = requests[c];
        const uint64_t packed =
            (uint64_t)r.req << 54 | (uint64_t)r.we << 53 | (uint64_t)r.be << 49 | (uint64_t)r.addr << 32 | r.wdata;
        for (unsigned bit = 0; bit < width; bit++) {
            const unsigned at = c * width + bit;
            b.dut.req_i[at / 32] |= (uint32_t)(packed >> bit & 1) << at % 32;
        }
    }
    b.eval();
}

struct Load {
    unsigned percent[clients];  // chance that an idle client raises a request
    unsigned write_percent;
};

// Few addresses, so that clients meet, from both ends and the middle, where a memory of two banks has its seam.
static uint32_t pick_address(Arbiter &b) {
    const uint32_t near = b.random() % 8;
    switch (b.random() % 3) {
        case 0:
            return near;
        case 1:
            return RAM_WORDS / 2 - 4 + near;
        default:
            return RAM_WORDS - 1 - near;
    }
}

class Run {
   public:
    explicit Run(Arbiter &bench) : b(bench), memory(RAM_WORDS) {
        drive(b, requests);
        b.reset();
        for (uint32_t addr = 0; addr < RAM_WORDS; addr++) {
            requests[0] = {true, true, 15, addr, memory[addr] = b.random()};
            drive(b, requests);
            b.tick();
        }
        requests[0].req = false;
    }

    // One cycle; false when something was wrong.
    bool cycle(const Load &load) {
        for (unsigned c = 0; c < clients; c++) {
            if (requests[c].req) continue;
            requests[c] = {b.chance(load.percent[c]), b.chance(load.write_percent), b.random() & 15, pick_address(b),
                           b.random()};
        }
        drive(b, requests);
        if (read_pending && !CHECK_EQ(b.dut.rdata_o, read_value)) return false;

        unsigned winner = 0;
        while (winner < clients && !requests[winner].req) winner++;
        if (!CHECK_EQ(b.dut.gnt_o, winner < clients ? 1u << winner : 0)) return false;
        read_pending = false;
        if (winner < clients) take(winner);
        b.tick();
        return true;
    }

    unsigned grants[clients] = {}, reads = 0;

   private:
    void take(unsigned winner) {
        Request &r = requests[winner];
        grants[winner]++;
        r.req = false;
        if (r.we) {
            for (unsigned byte = 0; byte < 4; byte++) {
                const uint32_t mask = (r.be >> byte & 1) ? 0xffu << 8 * byte : 0;
                memory[r.addr] = (memory[r.addr] & ~mask) | (r.wdata & mask);
            }
        } else {
            read_pending = true;
            read_value = memory[r.addr];
            reads++;
        }
    }

    Arbiter &b;
    std::vector<uint32_t> memory;
    Request requests[clients] = {};
    bool read_pending = false;
    uint32_t read_value = 0;
};

static void check_load(Arbiter &b, const Load &load) {
    Run run(b);
    for (int i = 0; i < 50000; i++)
        if (!run.cycle(load)) return;
    for (unsigned c = 0; c < clients; c++) CHECK(run.grants[c] > 100);
    CHECK(run.reads > 1000);
}

int main(int argc, char **argv) {
    Arbiter b(argc, argv);
    b.reset();

    TEST("given clients that ask now and then when they meet then the lowest number wins and every read is current")
    check_load(b, {{20, 20, 20}, 50});
    TEST("given a busy first client when the others ask then they wait and lose nothing")
    check_load(b, {{95, 50, 50}, 50});
    TEST("given clients that ask in every free cycle when most write then only the enabled bytes change")
    check_load(b, {{60, 60, 100}, 90});
    TEST("given no request when cycles pass then nobody is granted") {
        const Request none[clients] = {};
        drive(b, none);
        b.reset();
        for (int i = 0; i < 10; i++) {
            drive(b, none);
            CHECK_EQ(b.dut.gnt_o, 0);
            b.tick();
        }
    }
    return check_result();
}
