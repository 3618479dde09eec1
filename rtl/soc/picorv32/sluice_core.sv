// SPDX-License-Identifier: Apache-2.0
//
// The processor: RV32I, reset vector 0, no interrupt, no CSR; here PicoRV32 in its small form. Any
// other core is another file with this module, chosen by the file list (CORE in rtl/rtl.mk).
//
// One access at a time: `valid_o` and everything beside it stay until `ready_i`, which also says
// that `rdata_i` is there. From boot ROM and RAM it then stays as long as `addr_o` does, until the next
// access: PicoRV32 keeps no copy of its instruction. `wstrb_o` is zero for a read, and then `wdata_o`
// means nothing. `insn_o` is high in the cycle in which an instruction fetch is answered. The stack
// pointer is undefined after reset; illegal instructions and misaligned accesses are not caught: that
// is the watchdog's task.
module sluice_core (
    input  logic        clk_i,
    input  logic        rst_ni,
    output logic        valid_o,
    output logic [31:0] addr_o,   // bits 1:0 are zero
    output logic [31:0] wdata_o,
    output logic [ 3:0] wstrb_o,
    input  logic [31:0] rdata_i,
    input  logic        ready_i,
    output logic        insn_o
);

  logic instruction;

  // PicoRV32's other outputs.
  logic unused_trap, unused_la_read, unused_la_write, unused_pcpi_valid, unused_trace_valid;
  logic [31:0] unused_la_addr, unused_la_wdata, unused_insn, unused_rs1, unused_rs2, unused_eoi;
  logic [ 3:0] unused_la_wstrb;
  logic [35:0] unused_trace_data;

  assign insn_o = valid_o && instruction && ready_i;

  picorv32 #(
      .ENABLE_COUNTERS     (0),
      .ENABLE_COUNTERS64   (0),
      .ENABLE_REGS_16_31   (1),
      .ENABLE_REGS_DUALPORT(1),
      .TWO_STAGE_SHIFT     (1),
      .CATCH_MISALIGN      (0),
      .CATCH_ILLINSN       (0),
      .LATCHED_MEM_RDATA   (1),
      .ENABLE_IRQ          (0),
      .PROGADDR_RESET      (32'h0000_0000)
  ) u_core (
      .clk         (clk_i),
      .resetn      (rst_ni),
      .trap        (unused_trap),
      .mem_valid   (valid_o),
      .mem_instr   (instruction),
      .mem_ready   (ready_i),
      .mem_addr    (addr_o),
      .mem_wdata   (wdata_o),
      .mem_wstrb   (wstrb_o),
      .mem_rdata   (rdata_i),
      .mem_la_read (unused_la_read),
      .mem_la_write(unused_la_write),
      .mem_la_addr (unused_la_addr),
      .mem_la_wdata(unused_la_wdata),
      .mem_la_wstrb(unused_la_wstrb),
      .pcpi_valid  (unused_pcpi_valid),
      .pcpi_insn   (unused_insn),
      .pcpi_rs1    (unused_rs1),
      .pcpi_rs2    (unused_rs2),
      .pcpi_wr     (1'b0),
      .pcpi_rd     ('0),
      .pcpi_wait   (1'b0),
      .pcpi_ready  (1'b0),
      .irq         ('0),
      .eoi         (unused_eoi),
      .trace_valid (unused_trace_valid),
      .trace_data  (unused_trace_data)
  );

endmodule
