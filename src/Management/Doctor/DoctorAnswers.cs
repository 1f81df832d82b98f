namespace AkkaScale.Management.Doctor;

/// <summary>Answer of `GET /doctor`.</summary>
/// <param name="Worst">ok, notice, warning or critical.</param>
internal sealed record DoctorAnswer(DateTimeOffset At, string Worst, PredictionsAnswer Predictions, IReadOnlyList<FindingAnswer> Findings)
{
    public static DoctorAnswer Of(Diagnosis diagnosis) => new(
        diagnosis.At,
        Word(diagnosis.Worst),
        PredictionsAnswer.Of(diagnosis.Predictions),
        [.. diagnosis.Findings.Select(FindingAnswer.Of)]);

    internal static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}

internal sealed record FindingAnswer(string Code, string Severity, string Title, string What, string Consequence, string Mend)
{
    public static FindingAnswer Of(Finding found) => new(
        found.Code, DoctorAnswer.Word(found.Severity), found.Title, found.What, found.Consequence, found.Mend);
}

/// <param name="FailoverSeconds">At the worst.</param>
/// <param name="ExpectedFailoverSeconds">Of a silence, on a quiet machine, in the middle.</param>
/// <param name="EarliestFailoverSeconds">After a silence no shard answers sooner.</param>
/// <param name="ExpectedEndSeconds">Of a process that ended; null where that is noticed by its silence only.</param>
internal sealed record PredictionsAnswer(
    double FailoverSeconds,
    IReadOnlyList<TermAnswer> FailoverTerms,
    double ExpectedFailoverSeconds,
    IReadOnlyList<TermAnswer> ExpectedFailoverTerms,
    double EarliestFailoverSeconds,
    double? ExpectedEndSeconds,
    IReadOnlyList<TermAnswer> ExpectedEndTerms)
{
    public static PredictionsAnswer Of(Predictions predicted) => new(
        Seconds(predicted.FailoverTime), Terms(predicted.Failover), Seconds(predicted.ExpectedTime), Terms(predicted.Expected),
        Seconds(predicted.Earliest), predicted.EndedTime is { } ended ? Seconds(ended) : null, Terms(predicted.Ended));

    private static TermAnswer[] Terms(IReadOnlyList<Term> terms) => [.. terms.Select(term => new TermAnswer(term.Name, Seconds(term.Time)))];

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}

internal sealed record TermAnswer(string Name, double Seconds);
