using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <summary>Answer of `/doctor`, and what `pbm doctor --json` prints.</summary>
/// <param name="Worst">ok, notice, warning or critical.</param>
public sealed record DoctorReport(string At, string Worst, PredictionsShape Predictions, IReadOnlyList<FindingShape> Findings);

public sealed record FindingShape(string Code, string Severity, string Title, string What, string Consequence, string Mend);

/// <param name="FailoverSeconds">At the worst; the others say on which day.</param>
public sealed record PredictionsShape(
    double FailoverSeconds,
    IReadOnlyList<TermShape> FailoverTerms,
    double ExpectedFailoverSeconds,
    IReadOnlyList<TermShape> ExpectedFailoverTerms,
    double EarliestFailoverSeconds,
    double? ExpectedEndSeconds,
    IReadOnlyList<TermShape> ExpectedEndTerms)
{
    /// <summary>What is expected of a process that is killed, and before which nothing can answer.</summary>
    public (double Expected, double Earliest, IReadOnlyList<TermShape> Terms) Killed => ExpectedEndSeconds is { } ended
        ? (ended, 0, ExpectedEndTerms)
        : (ExpectedFailoverSeconds, EarliestFailoverSeconds, ExpectedFailoverTerms);
}

public sealed record TermShape(string Name, double Seconds);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
