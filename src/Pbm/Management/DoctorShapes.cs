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
    double HandoffSeconds,
    double ExpectedHandoffSeconds);

public sealed record TermShape(string Name, double Seconds);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
