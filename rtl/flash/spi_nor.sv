// SPDX-License-Identifier: Apache-2.0
//
// One SPI NOR transaction a command: opcode, address, dummy bytes, data; SPI mode 0, SCK = clk/2. SCK
// runs without a gap while the data side keeps up, that is when a word is there in the cycle in which
// `wdata_ready_o` rises, and when `rdata_o` is taken within two cycles; otherwise SCK pauses.
// `wdata_soon_o` rises a cycle earlier, so that a memory that answers in the next cycle is in time. The
// chip's output is sampled at the end of SCK's high half.
//
//   SpiWrite  words are sent low byte first; of the last one only the bytes that `len` still covers
//   SpiRead   words arrive low byte first; the last one is right-aligned, bytes beyond `len` are zero
//   SpiPoll   status bytes are clocked on with CS# low until bit 0 of one is zero, or until the byte in
//             which `poll_stop_i` is seen; no data is handed out
//
// With `addr_en` low the header is still usable for up to four bytes of the caller's: `addr4` sends
// addr[31:24], and dummy bytes then carry addr[23:16], addr[15:8], addr[7:0], zeroes.
// Cycles from the one that takes a command to the one with `done_o`: 2 for each SCK, 1 + CsHighCycles, and
// up to 24 more when a read ends inside a word. `done_o` pulses once every word was taken; a command that is
// taken in the next cycle finds CS# high for CsHighCycles. Several chips share all lines but CS#.
module spi_nor
  import sluice_pkg::*;
#(
    parameter int unsigned CsHighCycles = 2,  // least CS# high time between commands, 2..16
    parameter bit Quad = 1'b0,  // obey `quad` and `quad_addr`; else they must be low
    parameter int unsigned Chips = 1  // 1..4; with one `chip_i` means nothing
) (
    input logic clk_i,
    input logic rst_ni,
    input spi_cmd_t cmd_i,
    input logic [FlashChipW-1:0] chip_i,  // for cmd_i
    input logic cmd_valid_i,
    output logic cmd_ready_o,
    input logic [31:0] wdata_i,
    input logic wdata_valid_i,
    output logic wdata_ready_o,  // once high it stays high until the word comes
    output logic wdata_soon_o,  // that is high, or will be in the next cycle
    output logic [31:0] rdata_o,
    output logic rdata_valid_o,
    input logic rdata_ready_i,
    input logic poll_stop_i,
    output logic done_o,
    output logic [Chips-1:0] csn_o,
    output logic sck_o,
    output logic [3:0] sd_o,
    output logic [3:0] sd_oe_o,
    input logic [3:0] sd_i
);

  // What is on the wire. Bit 2 says that CS# is low, or will be with the next clock.
  typedef enum logic [2:0] {
    Idle = 3'b000,
    Deselected = 3'b001,
    Align = 3'b011,  // the last, short word of a read moves to the low bytes
    Opcode = 3'b100,
    HighAddress = 3'b101,  // addr[31:24]
    Header = 3'b110,  // the rest of the address, dummy bytes
    Data = 3'b111
  } state_e;

  localparam logic [4:0] HighDone = 5'(33 - CsHighCycles);

  state_e state_q, state_d;
  logic deselect;
  logic [Chips-1:0] csn_q, csn_d;
  logic [FlashChipW-1:0] chip_q;
  logic sck_q, sck_d;
  logic starved_q, starved_d;  // the next word to write has not come yet
  logic full_q, full_d;  // the word that was read waits to be taken
  logic [4:0] bit_q, bit_d;  // of the word
  logic [4:0] head_q, head_d;  // header bytes to come; then counts CS# high cycles down from zero
  logic [12:0] len_q, len_d;  // data bytes to come
  logic [31:0] shift_q;  // leaves at bit 31, arrives at bit 0
  logic [ 7:0] high_q;  // addr[31:24]
  logic addr4_q, quad_addr_q, quad_q;
  spi_dir_e dir_q;

  logic take_cmd;
  logic wide;  // four bits a clock
  logic step;  // SCK falls: the bit is over
  logic last_bit;  // of the byte
  logic byte_end, word_end;
  logic more_data;
  logic data_next;  // the byte on the wire is followed by a data byte
  logic word_soon, load_word;
  logic [31:0] fresh;  // what to load: a header or a word to write

  function automatic logic [31:0] swap_bytes(logic [31:0] word);
    return {word[7:0], word[15:8], word[23:16], word[31:24]};
  endfunction

  assign fresh = state_q[2] ? swap_bytes(wdata_i) : {cmd_i.opcode, cmd_i.addr[23:0]};
  assign take_cmd = state_q == Idle && cmd_valid_i;
  assign wide = Quad && ((quad_q && state_q inside {Data, Align}) ||
                         (quad_addr_q && state_q inside {HighAddress, Header}));
  assign step = sck_q && (!full_q || rdata_ready_i);
  assign last_bit = bit_q[2] && (wide || bit_q[1:0] == '1);
  assign byte_end = step && last_bit;
  assign word_end = bit_q[4:3] == '1;

  always_comb begin
    more_data = len_q != '0;
    if (dir_q == SpiNone) more_data = 1'b0;
    if (dir_q == SpiPoll) more_data = state_q != Data || (sd_i[1] && !poll_stop_i);
  end

  assign data_next = more_data && head_q == '0 && !(state_q == Opcode && addr4_q);

  // Nothing waits to be taken during a write: `step` would only put rdata_ready_i on the way to wdata_ready_o.
  assign word_soon = starved_q || (dir_q == SpiWrite && last_bit && data_next &&
                                   (state_q != Data || word_end));
  assign load_word = word_soon && (starved_q || sck_q);

  always_comb begin
    state_d   = state_q;
    deselect  = 1'b0;
    sck_d     = !sck_q && !starved_q;
    starved_d = load_word && !wdata_valid_i;
    full_d    = full_q && !rdata_ready_i;
    bit_d     = bit_q;
    head_d    = head_q;
    len_d     = len_q;
    done_o    = 1'b0;

    if (sck_q && !step) sck_d = 1'b1;
    if (step || state_q == Align) bit_d = bit_q + (wide ? 5'd4 : 5'd1);

    unique case (state_q)
      Idle: begin
        deselect = !cmd_valid_i;
        sck_d    = 1'b0;
        bit_d    = '0;
        head_d   = 5'(cmd_i.dummy) + (cmd_i.addr_en ? 5'd3 : 5'd0);
        len_d    = cmd_i.len;
        if (cmd_valid_i) state_d = Opcode;
      end
      Opcode, HighAddress, Header, Data: begin
        if (byte_end) begin
          if (state_q == Opcode && addr4_q) begin
            state_d = HighAddress;
          end else if (head_q != '0) begin
            state_d = Header;
            head_d  = head_q - 1'b1;
          end else if (data_next) begin
            state_d = Data;
            len_d   = len_q - 1'b1;
            if (state_q != Data) bit_d = '0;
          end else begin
            state_d = dir_q == SpiRead && !word_end ? Align : Deselected;
          end
          if (state_q == Data && dir_q == SpiRead && word_end) full_d = 1'b1;
        end
      end
      Align: begin
        deselect = 1'b1;
        sck_d    = 1'b0;
        if (bit_d == '0) begin
          full_d  = 1'b1;
          state_d = Deselected;
        end
      end
      Deselected: begin
        deselect = 1'b1;
        sck_d    = 1'b0;
        if (head_q != HighDone) begin
          head_d = head_q - 1'b1;
        end else if (!full_q) begin
          done_o  = 1'b1;
          state_d = Idle;
        end
      end
      default: state_d = Idle;
    endcase
    for (int unsigned i = 0; i < Chips; i++) begin
      csn_d[i] = deselect || (Chips > 1 && (take_cmd ? chip_i : chip_q) != FlashChipW'(i));
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q   <= Idle;
      csn_q     <= '1;
      sck_q     <= 1'b0;
      starved_q <= 1'b0;
      full_q    <= 1'b0;
    end else begin
      state_q   <= state_d;
      csn_q     <= csn_d;
      sck_q     <= sck_d;
      starved_q <= starved_d;
      full_q    <= full_d;
    end
  end

  // ---- data path ---------------------------------------------------------------------------------
  always_ff @(posedge clk_i) begin
    bit_q  <= bit_d;
    head_q <= head_d;
    len_q  <= len_d;
    if (take_cmd) begin
      addr4_q     <= cmd_i.addr4;
      quad_addr_q <= cmd_i.quad_addr;
      quad_q      <= cmd_i.quad;
      dir_q       <= cmd_i.dir;
      chip_q      <= chip_i;
    end
    if (take_cmd) high_q <= cmd_i.addr[31:24];
    else if (step && state_q == HighAddress) begin
      high_q <= wide ? {high_q[3:0], 4'b0} : {high_q[6:0], 1'b0};
    end

    if (take_cmd || load_word) shift_q <= fresh;
    else if ((step && state_q != HighAddress) || state_q == Align) begin
      if (wide) shift_q <= {shift_q[27:0], state_q == Data ? sd_i : 4'b0};
      else shift_q <= {shift_q[30:0], state_q == Data && sd_i[1]};
    end
  end

  assign cmd_ready_o   = state_q == Idle;
  assign wdata_ready_o = load_word;
  assign wdata_soon_o  = word_soon;
  assign rdata_o       = swap_bytes(shift_q);
  assign rdata_valid_o = full_q;

  // ---- pins ----------------------------------------------------------------------------------------
  // Lines 2 and 3 are /WP and /HOLD where there is one line: driven high.
  assign csn_o         = csn_q;
  assign sck_o         = sck_q;
  always_comb begin
    sd_o    = {3'b110, state_q == HighAddress ? high_q[7] : shift_q[31]};
    sd_oe_o = 4'b1101;
    if (wide && state_q != Align) begin
      sd_o    = state_q == HighAddress ? high_q[7:4] : shift_q[31:28];
      sd_oe_o = {4{state_q != Data || dir_q == SpiWrite}};
    end
  end

`ifndef SYNTHESIS
  ACommandHeld :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    cmd_valid_i && !cmd_ready_o |=> cmd_valid_i && $stable(
      cmd_i
  ));
  ALength :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    take_cmd && cmd_i.dir inside {SpiRead, SpiWrite} |-> cmd_i.len inside {[1 : 4096]});
  AQuad :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    take_cmd |-> Quad || !(cmd_i.quad || cmd_i.quad_addr));
  AChipThere :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    take_cmd |-> Chips == 1 || 32'(chip_i) < Chips);
  AOneChip :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(~csn_q));
  AWordAskedFor :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    wdata_ready_o && !wdata_valid_i |=> wdata_ready_o);
  AWordAnnounced :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    wdata_soon_o && !wdata_ready_o |=> wdata_ready_o);
  AWordNotSudden :
  assert property (@(posedge clk_i) disable iff (!rst_ni) !wdata_soon_o |=> !wdata_ready_o);
  // Only the word counts, not the bits on their way: what moves in every cycle the simulation could not skip.
  logic [31:0] word;
  assign word = full_q ? rdata_o : '0;
  AWordHeld :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    rdata_valid_o && !rdata_ready_i |=> rdata_valid_o && $stable(
      word
  ));
  AClockOnlySelected :
  assert property (@(posedge clk_i) disable iff (!rst_ni) sck_q |-> csn_q != '1);
`endif

endmodule
