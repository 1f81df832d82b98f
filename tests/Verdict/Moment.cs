using System.Globalization;

namespace AkkaScale.Tests.Verdict;

/// <summary>Times as people read them.</summary>
internal static class Moment
{
    /// <summary>"12.345 s"</summary>
    public static string Of(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000.0:0.000} s");

    /// <summary>With three digits that count: "840 µs", "12.3 ms", "4.51 s".</summary>
    public static string Span(long microseconds) => microseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds} µs"),
        < 100_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.0} ms"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000.0:0.00} s"),
    };
}
