using System.Globalization;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Shards;

/// <summary>Decisions in few words.</summary>
internal static class DecisionText
{
    /// <summary>moving 3, nodes 4</summary>
    public static string Numbers(DecisionShape decision) => string.Join(
        ", ", decision.Numbers.OrderBy(number => number.Key, StringComparer.Ordinal)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key} {number.Value:0.###}")));

    /// <summary>What happened, for somebody who watches.</summary>
    public static string Line(DecisionShape decision) => decision.Kind switch
    {
        "move" => $"{decision.From ?? "?"} -> {decision.To}: {decision.Reason}",
        "home" when decision.Numbers.TryGetValue("handOverSeconds", out var seconds) => string.Create(
            CultureInfo.InvariantCulture, $"{decision.From ?? "?"} -> {decision.To} handed over in {seconds:0.00} s"),
        "home" => $"at home on {decision.To}: {decision.Reason}",
        "arrived" => $"arrived on {decision.To}, {decision.Reason}",
        _ => $"not on {decision.To}: {decision.Reason}",
    };
}
