using System.Text.Json.Serialization;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Load.Verify;

namespace AkkaScale.Pbm.Load.Report;

/// <summary>What `pbm load --json` prints; documented in docs/pbm.md, guarded by a golden file. Times in milliseconds.</summary>
/// <param name="Outcome">`ok`, `failed`, `gave up` or `interrupted`.</param>
public sealed record LoadReport(
    string Outcome,
    string Trace,
    IReadOnlyList<string> Gateways,
    int Actions,
    int Concurrency,
    double DurationSeconds,
    double CommandsPerSecond,
    CommandCounts Commands,
    IReadOnlyList<RefusalCount> Refusals,
    IReadOnlyList<RetryCount> Retries,
    LatencyReport Latency,
    PauseReport Pauses,
    IReadOnlyList<Finding> Failures,
    FindingList Differences,
    VerificationReport? Verification);

/// <param name="Planned">Commands that the trace asks for; acknowledged + refused + failed + skipped + notSent.</param>
/// <param name="Attempts">Requests sent, repeats included.</param>
/// <param name="Unchanged">Of the acknowledged: the entity was that way already.</param>
/// <param name="Replayed">Answers repeated by the cluster for a key it had seen.</param>
/// <param name="Skipped">Not sent, because an earlier command of the same entity failed.</param>
/// <param name="NotSent">Not sent, because the run ended before.</param>
public sealed record CommandCounts(
    long Planned, long Attempts, long Acknowledged, long Unchanged, long Replayed, long Refused, long Failed, long Skipped, long NotSent);

/// <param name="Expected">By the model.</param>
public sealed record RefusalCount(string Code, string Step, long Count, long Expected);

/// <param name="Reason">`connection`, `timeout`, or status and code.</param>
public sealed record RetryCount(string Reason, long Count);

/// <summary>Of whole commands, repeats and pauses between them included.</summary>
public sealed record LatencyReport(double P50, double P95, double P99, double Max);

/// <param name="LongestCommand">From its first attempt to its answer.</param>
/// <param name="LongestGap">The longest time without any answer to any command.</param>
public sealed record PauseReport(double LongestCommand, string? Entity, int? Line, string? Step, int? Attempts, double LongestGap);

public sealed record FindingList(long Count, IReadOnlyList<Finding> First);

/// <param name="Complete">False: interrupted or given up before the end.</param>
public sealed record VerificationReport(
    bool Complete, long Entities, long Comments, long Mismatches, IReadOnlyList<Mismatch> First, double DurationSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadReportJson : JsonSerializerContext;
