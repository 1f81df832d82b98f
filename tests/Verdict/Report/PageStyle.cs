namespace AkkaScale.Tests.Verdict.Report;

/// <summary>How the page looks, by day and by night. The series differ for those who see no red or green, too.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --page: #fbfbfa; --card: #fff; --ink: #1b1d21; --soft: #5f6570; --rule: #e2e4e8; --grid: #eceef1;
          --good: #00795a; --bad: #c03a00; --blue: #0072b2; --sky: #7cc0ea; --amber: #d98c00; --red: #d1495b; --violet: #8a5fbf; --band: #d98c0022; --fault: #7a5c1e; }
        @media (prefers-color-scheme: dark) { :root { --page: #14161a; --card: #1c1f25; --ink: #e7e9ee; --soft: #9aa1ad; --rule: #2e333c; --grid: #282c34;
          --good: #4fc79b; --bad: #ff8a5c; --blue: #4aa8e0; --sky: #2b6a92; --amber: #f0b43c; --red: #ef7686; --violet: #b794ea; --band: #f0b43c1c; --fault: #d9b66a; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 28px 24px 60px; max-width: 1240px; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 34px 0 10px; } h3 { font-size: 14px; margin: 18px 0 4px; font-weight: 600; }
        .lead { display: flex; gap: 14px; align-items: baseline; flex-wrap: wrap; } .meta, .note { color: var(--soft); margin: 4px 0 0; }
        .badge { font-weight: 700; padding: 2px 10px; border-radius: 12px; color: var(--page); background: var(--good); } .badge.no { background: var(--bad); }
        .verdicts { display: grid; grid-template-columns: repeat(auto-fill, minmax(265px, 1fr)); gap: 10px; margin-top: 18px; }
        .verdict { background: var(--card); border: 1px solid var(--rule); border-left: 4px solid var(--good); border-radius: 6px; padding: 9px 12px; }
        .verdict.no { border-left-color: var(--bad); } .verdict.idle { border-left-color: var(--rule); } .verdict b { display: block; }
        .verdict p { margin: 2px 0 0; color: var(--soft); font-size: 12.5px; } .yes { color: var(--good); font-weight: 600; } .no:not(.verdict):not(.badge) { color: var(--bad); font-weight: 600; }
        .panel { background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 12px 4px; margin-bottom: 10px; }
        .panel figcaption { font-weight: 600; margin-bottom: 4px; } figure { margin: 0; } svg { width: 100%; height: auto; display: block; }
        .key { font-weight: 400; color: var(--soft); margin-left: 12px; } .key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
        .axis { font-size: 10.5px; fill: var(--soft); } .grid { stroke: var(--grid); } .band { fill: var(--band); } .tip { fill: transparent; } .tip:hover { fill: var(--band); }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
        .ok { fill: var(--blue); background: var(--blue); } .denied { fill: var(--sky); background: var(--sky); } .timeout { fill: var(--red); background: var(--red); }
        .unavailable { fill: var(--amber); background: var(--amber); } .error { fill: var(--violet); background: var(--violet); }
        .median { stroke: var(--blue); } i.median { background: var(--blue); } .p99 { stroke: var(--amber); } i.p99 { background: var(--amber); }
        .longest { stroke: var(--red); stroke-width: 1; stroke-dasharray: 3 2; } i.longest { background: var(--red); }
        .fault rect { fill: var(--fault); } .fault text { font-size: 11px; fill: var(--ink); } .fault.wrong rect { fill: var(--bad); } .fault.wrong text { fill: var(--bad); font-weight: 700; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--rule); font-size: 13px; }
        th, td { text-align: left; padding: 5px 9px; border-bottom: 1px solid var(--rule); vertical-align: top; } th { color: var(--soft); font-weight: 600; white-space: nowrap; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .talk { font: 12.5px/1.55 ui-monospace, "DejaVu Sans Mono", monospace; } .talk td { border: 0; padding: 1px 9px; } .talk .off td { background: color-mix(in srgb, var(--bad) 14%, transparent); }
        .talk .row td:last-child { color: var(--soft); } .talk .row.off td:last-child { color: inherit; }
        """;
}
