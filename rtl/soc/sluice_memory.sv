// SPDX-License-Identifier: Apache-2.0
//
// The bus with the memories behind it: boot ROM, RAM, and the stream RAM that the processor shares
// with the stream engine, as the last of its clients.
module sluice_memory
  import sluice_pkg::*;
#(
    parameter  int unsigned BootRomBytes   = 6144,
    parameter  string       BootRomFile    = "",
    parameter  int unsigned RamBytes       = 65536,
    parameter  int unsigned StreamRamBytes = 65536,
    localparam int unsigned EngineClients  = stream_pkg::StreamRamClients
) (
    input  logic                         clk_i,
    input  logic                         rst_ni,
    // the processor: see sluice_bus
    input  logic                         valid_i,
    input  logic     [             31:0] addr_i,
    input  logic     [             31:0] wdata_i,
    input  logic     [              3:0] wstrb_i,
    output logic     [             31:0] rdata_o,
    output logic                         ready_o,
    // the stream engine: the stream RAM rule
    input  ram_req_t [EngineClients-1:0] engine_req_i,
    output logic     [EngineClients-1:0] engine_gnt_o,
    output logic     [             31:0] engine_rdata_o,
    // registers
    output logic                         regs_req_o,
    input  logic                         regs_ack_i,
    input  logic     [             31:0] regs_rdata_i
);

  localparam int unsigned StreamWords = StreamRamBytes / 4;

  // CONFIG.ram_blocks has seven bits.
  if (StreamRamBytes > 256 * 1024) begin : gen_too_large
    $error("StreamRamBytes must be at most 256 KiB");
  end
  if ((StreamRamBytes & (StreamRamBytes - 1)) != 0) begin : gen_no_power
    $error("StreamRamBytes must be a power of two");
  end

  logic rom_req, ram_req, cpu_gnt;
  logic [31:0] rom_rdata, ram_rdata;
  ram_req_t cpu_req;

  sluice_bus #(
      .StreamWords(StreamWords)
  ) u_bus (
      .clk_i,
      .rst_ni,
      .valid_i,
      .addr_i,
      .wdata_i,
      .wstrb_i,
      .rdata_o,
      .ready_o,
      .rom_req_o     (rom_req),
      .rom_rdata_i   (rom_rdata),
      .ram_req_o     (ram_req),
      .ram_rdata_i   (ram_rdata),
      .stream_o      (cpu_req),
      .stream_gnt_i  (cpu_gnt),
      .stream_rdata_i(engine_rdata_o),
      .regs_req_o,
      .regs_ack_i,
      .regs_rdata_i
  );

  prim_rom #(
      .Words   (BootRomBytes / 4),
      .InitFile(BootRomFile)
  ) u_rom (
      .clk_i,
      .req_i  (rom_req),
      .addr_i (addr_i[$clog2(BootRomBytes)-1:2]),
      .rdata_o(rom_rdata)
  );

  prim_ram_1p #(
      .Words(RamBytes / 4)
  ) u_ram (
      .clk_i,
      .req_i  (ram_req),
      .we_i   (|wstrb_i),
      .be_i   (wstrb_i),
      .addr_i (addr_i[$clog2(RamBytes)-1:2]),
      .wdata_i,
      .rdata_o(ram_rdata)
  );

  stream_ram_arbiter #(
      .Clients(EngineClients + 1),
      .Words  (StreamWords)
  ) u_stream_ram (
      .clk_i,
      .rst_ni,
      .req_i  ({cpu_req, engine_req_i}),
      .gnt_o  ({cpu_gnt, engine_gnt_o}),
      .rdata_o(engine_rdata_o)
  );

endmodule
