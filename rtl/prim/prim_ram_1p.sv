// SPDX-License-Identifier: Apache-2.0
//
// Memory with one port and byte enables. A request is always taken; `rdata_o` is valid in the cycle
// after a read and holds until the next request; a write leaves it undefined. The contents at power-on
// are undefined.
//
// With SLUICE_ICE40 defined, 32-bit memories of 4096 words or more are built from pairs of
// SB_SPRAM256KA (UP5K: two pairs of 64 KiB); everything else is an array that infers block RAM.
module prim_ram_1p #(
    parameter  int unsigned Words     = 1024,
    parameter  int unsigned Width     = 32,            // a multiple of 8
    localparam int unsigned AddrWidth = $clog2(Words)
) (
    input  logic                 clk_i,
    input  logic                 req_i,
    input  logic                 we_i,
    input  logic [  Width/8-1:0] be_i,
    input  logic [AddrWidth-1:0] addr_i,
    input  logic [    Width-1:0] wdata_i,
    output logic [    Width-1:0] rdata_o
);

`ifdef SLUICE_ICE40
  localparam bit UseSpram = Words >= 4096 && Width == 32;
`else
  localparam bit UseSpram = 1'b0;
`endif

  if (UseSpram) begin : gen_spram
`ifdef SLUICE_ICE40
    localparam int unsigned Banks = (Words + 16383) / 16384;
    localparam int unsigned BankWidth = Banks > 1 ? $clog2(Banks) : 1;
    logic [BankWidth-1:0] bank, bank_q;
    logic [13:0] row;
    logic [Banks-1:0][31:0] rdata;

    assign bank = BankWidth'({14'b0, addr_i} >> 14);
    assign row  = 14'({14'b0, addr_i});

    // Which bank answers.
    always_ff @(posedge clk_i) begin
      if (req_i) bank_q <= bank;
    end

    for (genvar b = 0; b < Banks; b++) begin : gen_bank
      for (genvar half = 0; half < 2; half++) begin : gen_half
        SB_SPRAM256KA u_spram (
            .ADDRESS(row),
            .DATAIN(wdata_i[half*16+:16]),
            .MASKWREN({{2{be_i[half*2+1]}}, {2{be_i[half*2]}}}),
            .WREN(we_i),
            .CHIPSELECT(req_i && bank == BankWidth'(b)),
            .CLOCK(clk_i),
            .STANDBY(1'b0),
            .SLEEP(1'b0),
            .POWEROFF(1'b1),  // active low
            .DATAOUT(rdata[b][half*16+:16])
        );
      end
    end
    assign rdata_o = rdata[bank_q];
`endif
  end else begin : gen_array
    logic [Width-1:0] mem[Words];

    always_ff @(posedge clk_i) begin
      if (req_i) begin
        if (we_i) begin
          for (int b = 0; b < int'(Width / 8); b++) begin
            if (be_i[b]) mem[addr_i][b*8+:8] <= wdata_i[b*8+:8];
          end
        end else begin
          rdata_o <= mem[addr_i];
        end
      end
    end
  end

endmodule
