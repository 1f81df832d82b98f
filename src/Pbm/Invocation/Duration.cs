using System.Globalization;

namespace AkkaScale.Pbm.Invocation;

/// <summary>A time as people write it: 30s, 10m, 2h; without a letter, seconds.</summary>
internal static class Duration
{
    /// <summary>Null: not of that form, or not above 0.</summary>
    public static TimeSpan? Parse(string text)
    {
        var unit = text.Length == 0 ? (TimeSpan?)null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            >= '0' and <= '9' => TimeSpan.Zero,
            _ => null,
        };
        var digits = unit == TimeSpan.Zero ? text : text[..Math.Max(0, text.Length - 1)];
        return unit is { } one && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 86_400
            ? (one == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : one) * count
            : null;
    }
}
