// SPDX-License-Identifier: Apache-2.0
//
// The words that the flash controller reads, on their way to the stream RAM, or to be compared with it
// (rtl/stream/stream_flash.sv, state Read), while nobody else wants that RAM: each is taken in the second cycle, and
// nobody else notices. As sim/hash_shifter.h it works in the model's own registers.
#pragma once
#include <cstdint>

#include "Vsluice_soc___024root.h"

class FlashWords {
   public:
    explicit FlashWords(Vsluice_soc___024root &root) : r(root) {}

    // Whether words are taken as below from now on, until the SPI command ends.
    bool reads() const { return state == kRead && issued && wants == 0; }
    // No word is on its way.
    bool resting() const { return !data; }

    // A cycle in which the word that was read waits. @return whether it was taken: compared, or in the RAM
    bool take(uint32_t word) {
        if (!data) {
            data = 1;
            if (fetching)
                memory[at()] = word;
            else
                output = memory[at()];
            return false;
        }
        if (output != word) differs = 1;
        if (fetching && word_index == kLastWord) page = (page + 1) & 15;
        word_index = (word_index + 1) & kLastWord;
        data = 0;
        return true;
    }

    // All registers that these move.
    template <class F>
    void each(F visit) {
        for (auto *field : {&data, &differs, &page, &word_index}) visit(*field);
        visit(output);
    }

   private:
    static constexpr unsigned kRead = 6, kLastWord = 63;  // state_e

    unsigned at() const {
        const unsigned block = job >> 16 & 0x7f;  // stream_pkg::job_t
        return (block << 10 | (unsigned)page << 6 | word_index) % (sizeof memory / sizeof memory[0]);
    }

    using Memory = decltype(Vsluice_soc___024root::
                                sluice_soc__DOT__u_memory__DOT__u_stream_ram__DOT__u_ram__DOT__gen_array__DOT__mem);

    Vsluice_soc___024root &r;
#define FLASH(type, name, suffix) type &name = r.sluice_soc__DOT__u_engine__DOT__u_flash__DOT__##suffix
    FLASH(CData, state, state_q);
    FLASH(CData, issued, issued_q);
    FLASH(CData, fetching, fetching_q);
    FLASH(CData, data, data_q);
    FLASH(CData, differs, differs_q);
    FLASH(CData, page, page_q);
    FLASH(CData, word_index, word_q);
#undef FLASH
    IData &job = r.sluice_soc__DOT__u_engine__DOT__u_jobs__DOT____Vcellout__u_flash_copy__rdata_o;
    CData &wants = r.sluice_soc__DOT__u_memory__DOT__u_stream_ram__DOT__wants;
    IData &output = r.sluice_soc__DOT__stream_rdata;
    Memory &memory = r.sluice_soc__DOT__u_memory__DOT__u_stream_ram__DOT__u_ram__DOT__gen_array__DOT__mem;
};
