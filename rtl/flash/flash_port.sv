// SPDX-License-Identifier: Apache-2.0
//
// One spi_nor for two masters: the stream engine and the processor's FLASH_CMD, FLASH_WDATA and
// FLASH_RDATA registers (rtl/regs/sluice.rdl). The engine comes first. A command of the processor waits
// while the engine offers one, has one running, or holds `lock_i`, which it does from a write enable
// until the chip is ready again; so nothing gets between those. A command of the processor takes at
// most 9 bytes on the wire, for which the engine waits.
module flash_port
  import sluice_pkg::*;
#(
    parameter int unsigned CsHighCycles = 2,  // as spi_nor
    parameter bit Quad = 1'b0,
    parameter int unsigned Chips = 1
) (
    input logic clk_i,
    input logic rst_ni,

    // engine, as spi_nor; with several chips cmd_i.addr says which one (sluice_pkg), without an address too
    input  spi_cmd_t        cmd_i,
    input  logic            cmd_valid_i,
    output logic            cmd_ready_o,
    input  logic     [31:0] wdata_i,
    input  logic            wdata_valid_i,
    output logic            wdata_ready_o,
    output logic            wdata_soon_o,
    output logic     [31:0] rdata_o,
    output logic            rdata_valid_o,
    input  logic            rdata_ready_i,
    input  logic            poll_stop_i,
    output logic            done_o,
    input  logic            lock_i,

    // processor; its inputs do not change from go_i until busy_o is low
    input logic cpu_go_i,  // pulse
    input logic [FlashChipW-1:0] cpu_chip_i,
    input logic [7:0] cpu_opcode_i,
    input logic [2:0] cpu_writes_i,  // 0..4
    input logic [2:0] cpu_reads_i,  // 0..4
    input logic [31:0] cpu_wdata_i,  // low byte first
    output logic [31:0] cpu_rdata_o,  // low byte first, the rest zero; kept until the next reads
    output logic cpu_busy_o,

    output logic [Chips-1:0] csn_o,
    output logic             sck_o,
    output logic [      3:0] sd_o,
    output logic [      3:0] sd_oe_o,
    input  logic [      3:0] sd_i
);

  if (Chips < 1 || Chips > 4) begin : gen_bad_chips
    $error("Chips must be 1 to 4");
  end

  spi_cmd_t cmd;
  logic [FlashChipW-1:0] chip;
  logic cmd_ready, done, rdata_valid;
  logic pending_q, pending_d;  // the processor's command waits
  logic running_q, running_d;  // the processor's command runs
  logic start;
  logic [31:0] cpu_rdata_q;

  // Offered only where it is taken at once: a command must not change while it is offered.
  assign start = pending_q && cmd_ready && !cmd_valid_i && !lock_i;

  always_comb begin
    pending_d = (pending_q && !start) || cpu_go_i;
    running_d = (running_q && !done) || start;
  end

  // The processor's bytes go out in place of an address (spi_nor): the first as addr[31:24].
  always_comb begin
    cmd  = cmd_i;
    chip = cmd_i.addr[31-:FlashChipW];
    if (Chips > 1) cmd.addr[31-:FlashChipW] = '0;
    if (start) begin
      chip          = cpu_chip_i;
      cmd.opcode    = cpu_opcode_i;
      cmd.addr_en   = 1'b0;
      cmd.addr4     = cpu_writes_i != '0;
      cmd.addr      = {cpu_wdata_i[7:0], cpu_wdata_i[15:8], cpu_wdata_i[23:16], cpu_wdata_i[31:24]};
      cmd.dummy     = cpu_writes_i == '0 ? '0 : 4'(cpu_writes_i - 1'b1);
      cmd.dir       = cpu_reads_i == '0 ? SpiNone : SpiRead;
      cmd.quad_addr = 1'b0;
      cmd.quad      = 1'b0;
      cmd.len       = 13'(cpu_reads_i);
    end
  end

  spi_nor #(
      .CsHighCycles(CsHighCycles),
      .Quad        (Quad),
      .Chips       (Chips)
  ) u_spi_nor (
      .clk_i,
      .rst_ni,
      .cmd_i        (cmd),
      .chip_i       (chip),
      .cmd_valid_i  (cmd_valid_i || start),
      .cmd_ready_o  (cmd_ready),
      .wdata_i,
      .wdata_valid_i,
      .wdata_ready_o,
      .wdata_soon_o,
      .rdata_o,
      .rdata_valid_o(rdata_valid),
      .rdata_ready_i(rdata_ready_i || running_q),
      .poll_stop_i,
      .done_o       (done),
      .csn_o,
      .sck_o,
      .sd_o,
      .sd_oe_o,
      .sd_i
  );

  assign cmd_ready_o   = cmd_ready;
  assign rdata_valid_o = rdata_valid && !running_q;
  assign done_o        = done && !running_q;
  assign cpu_rdata_o   = cpu_rdata_q;
  assign cpu_busy_o    = pending_q || running_q || cpu_go_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pending_q <= 1'b0;
      running_q <= 1'b0;
    end else begin
      pending_q <= pending_d;
      running_q <= running_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (running_q && rdata_valid) cpu_rdata_q <= rdata_o;
  end

`ifndef SYNTHESIS
  // Under the lock every transaction is the engine's.
  ALocked :
  assert property (@(posedge clk_i) disable iff (!rst_ni) lock_i |-> !start);
  AGoWhenFree :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    cpu_go_i |-> !pending_q && !running_q && cpu_writes_i <= 4 && cpu_reads_i <= 4);
`endif

endmodule
