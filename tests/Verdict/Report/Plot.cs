using System.Text;
using static AkkaScale.Tests.Verdict.Report.Markup;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>One panel over the run's time: a frame, gridlines, and what is drawn in it. All panels share the horizontal scale.</summary>
internal sealed class Plot
{
    public const double Width = 1120;
    public const double Left = 158;
    public const double Right = 26;

    // Room for the labels of the highest mark and of the clock.
    private const double Top = 8;
    private const double Bottom = 18;

    private readonly StringBuilder _svg = new();
    private readonly Timeline _timeline;
    private readonly double _height;

    public Plot(Timeline timeline, double height, string label)
    {
        _timeline = timeline;
        _height = height;
        _svg.Append($"<svg viewBox=\"0 {Of(-Top)} {Of(Width)} {Of(Top + height + Bottom)}\" role=\"img\" aria-label=\"{Text(label)}\">");
    }

    public double X(long microseconds) => Left + ((Width - Left - Right) * Math.Clamp(microseconds, 0, _timeline.Length) / _timeline.Length);

    public Plot Bands(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            _svg.Append($"<rect class=\"band\" x=\"{Of(X(fault.Begin))}\" y=\"0\" width=\"{Of(Math.Max(1.5, X(fault.End) - X(fault.Begin)))}\" height=\"{Of(_height)}\"/>");
        }

        return this;
    }

    /// <param name="marks">Heights in the panel with their labels.</param>
    public Plot Grid(IEnumerable<(double Y, string Label)> marks)
    {
        foreach (var (y, label) in marks)
        {
            _svg.Append($"<line class=\"grid\" x1=\"{Of(Left)}\" x2=\"{Of(Width - Right)}\" y1=\"{Of(y)}\" y2=\"{Of(y)}\"/>");
            _svg.Append($"<text class=\"axis\" x=\"{Of(Left - 6)}\" y=\"{Of(y + 3.5)}\" text-anchor=\"end\">{Text(label)}</text>");
        }

        return this;
    }

    /// <summary>Seconds, or minutes, below the panel.</summary>
    public Plot Clock()
    {
        var seconds = _timeline.Length / 1_000_000;
        var step = new[] { 1L, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600 }.FirstOrDefault(candidate => seconds / candidate <= 16, 7_200);
        for (var at = 0L; at <= seconds; at += step)
        {
            _svg.Append($"<text class=\"axis\" x=\"{Of(X(at * 1_000_000))}\" y=\"{Of(_height + 13)}\" text-anchor=\"middle\">{(step >= 60 ? $"{at / 60} min" : $"{at} s")}</text>");
        }

        return this;
    }

    /// <summary>Slots in which there is nothing interrupt the line.</summary>
    public Plot Line(string css, Func<Timeline.Slot, double?> y)
    {
        var path = new StringBuilder();
        var isDrawing = false;
        for (var at = 0; at < _timeline.Slots.Count; at++)
        {
            if (y(_timeline.Slots[at]) is not { } height)
            {
                isDrawing = false;
                continue;
            }

            // A slot without neighbours is a short stroke, or it could not be seen.
            path.Append($"{(isDrawing ? 'L' : 'M')}{Of(Middle(at))} {Of(height)}{(isDrawing ? "" : "h.1")}");
            isDrawing = true;
        }

        _svg.Append($"<path class=\"line {css}\" d=\"{path}\"/>");
        return this;
    }

    public Plot Bars(string css, Func<Timeline.Slot, (double Top, double Bottom)> extent)
    {
        var path = new StringBuilder();
        var width = Math.Max(0.8, (X(_timeline.SlotLength) - Left) * 0.86);
        for (var at = 0; at < _timeline.Slots.Count; at++)
        {
            var (top, bottom) = extent(_timeline.Slots[at]);
            if (bottom - top > 0)
            {
                path.Append($"M{Of(Middle(at) - (width / 2))} {Of(bottom)}V{Of(top)}h{Of(width)}V{Of(bottom)}z");
            }
        }

        _svg.Append($"<path class=\"{css}\" d=\"{path}\"/>");
        return this;
    }

    /// <summary>What the pointer shows over a slot.</summary>
    public Plot Tips(Func<Timeline.Slot, string> tip)
    {
        var width = X(_timeline.SlotLength) - Left;
        for (var at = 0; at < _timeline.Slots.Count; at++)
        {
            _svg.Append($"<rect class=\"tip\" x=\"{Of(Middle(at) - (width / 2))}\" y=\"0\" width=\"{Of(width)}\" height=\"{Of(_height)}\">");
            _svg.Append($"<title>{at * _timeline.SlotLength / 1_000_000} s: {Text(tip(_timeline.Slots[at]))}</title></rect>");
        }

        return this;
    }

    public Plot Raw(string svg)
    {
        _svg.Append(svg);
        return this;
    }

    public override string ToString() => $"{_svg}</svg>";

    private double Middle(int slot) => X((slot * _timeline.SlotLength) + (_timeline.SlotLength / 2));
}
