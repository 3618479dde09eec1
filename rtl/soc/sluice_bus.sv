// SPDX-License-Identifier: Apache-2.0
//
// Leads the processor's accesses to memories and registers by three address bits:
//   0x0000_0000 boot ROM    0x1000_0000 RAM    0x2000_0000 stream RAM    0x4000_0000 registers
// Within each the low address bits count and the others are ignored, so every address answers. A
// write to the ROM does nothing. A memory answers in the cycle after it took the request (the stream
// RAM takes it when the engine lets it), a register at once unless it holds the access. What was read
// from ROM or RAM stays until the next access, as long as `addr_i` does.
module sluice_bus
  import sluice_pkg::*;
#(
    parameter int unsigned StreamWords = 16384
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    // processor
    input  logic            valid_i,
    input  logic     [31:0] addr_i,
    input  logic     [31:0] wdata_i,
    input  logic     [ 3:0] wstrb_i,
    output logic     [31:0] rdata_o,
    output logic            ready_o,
    // boot ROM and RAM: address and data are the processor's
    output logic            rom_req_o,
    input  logic     [31:0] rom_rdata_i,
    output logic            ram_req_o,
    input  logic     [31:0] ram_rdata_i,
    // client of the stream RAM
    output ram_req_t        stream_o,
    input  logic            stream_gnt_i,
    input  logic     [31:0] stream_rdata_i,
    // registers; address, data and strobes are the processor's
    output logic            regs_req_o,      // until regs_ack_i
    input  logic            regs_ack_i,
    input  logic     [31:0] regs_rdata_i
);

  typedef enum logic [1:0] {
    Rom,
    Ram,
    Stream,
    Regs
  } target_e;

  localparam int unsigned StreamAw = $clog2(StreamWords);

  target_e target;
  logic    answered_q;  // a memory's answer is there

  always_comb begin
    target = Rom;
    if (addr_i[30]) target = Regs;
    else if (addr_i[29]) target = Stream;
    else if (addr_i[28]) target = Ram;
  end

  always_comb begin
    rom_req_o = valid_i && target == Rom && !answered_q;
    ram_req_o = valid_i && target == Ram && !answered_q;
    stream_o = '{
        req: valid_i && target == Stream && !answered_q,
        we: |wstrb_i,
        be: wstrb_i,
        addr: RamAw'(addr_i[StreamAw+1:2]),
        wdata: wdata_i
    };
    regs_req_o = valid_i && target == Regs;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) answered_q <= 1'b0;
    else answered_q <= rom_req_o || ram_req_o || stream_gnt_i;
  end

  always_comb begin
    unique case (target)
      Rom:     rdata_o = rom_rdata_i;
      Ram:     rdata_o = ram_rdata_i;
      Stream:  rdata_o = stream_rdata_i;
      default: rdata_o = regs_rdata_i;
    endcase
  end
  assign ready_o = answered_q || regs_ack_i;

`ifndef SYNTHESIS
  logic [67:0] access;
  assign access = {addr_i, |wstrb_i ? wdata_i : 32'b0, wstrb_i};
  AStable :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    valid_i && !ready_o |=> valid_i && $stable(
      access
  ));
  AHeld :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    (!valid_i || ready_o) && (target == Rom || target == Ram) |=> valid_i || !$stable(
      addr_i
  ) || $stable(
      rdata_o
  ));
`endif

endmodule
