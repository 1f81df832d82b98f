using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// How the values of enums stand in JSON: never by a number that a later edit would shift, nor by a name that one would rename.
/// </summary>
internal static class WireNames
{
    private static readonly string[] Statuses =
    [
        "accepted", "unchanged", "refused", "versionMismatch", "payloadDiffers", "overloaded", "shardUnavailable", "storeUnavailable",
        "deadlineExceeded",
    ];

    private static readonly string[] Outcomes =
        ["answered", "notServed", "unknown", "overloaded", "storeUnavailable", "expired", "notUnderstood"];

    public static string Of(ReplyStatus status) => Statuses[(int)status];

    public static string Of(OutcomeKind outcome) => Outcomes[(int)outcome];

    /// <exception cref="JsonException">There is none of that name.</exception>
    public static ReplyStatus Status(string name) => (ReplyStatus)IndexOf(Statuses, name);

    /// <inheritdoc cref="Status"/>
    public static OutcomeKind Outcome(string name) => (OutcomeKind)IndexOf(Outcomes, name);

    private static int IndexOf(string[] names, string name) =>
        Array.IndexOf(names, name) is >= 0 and var index ? index : throw new JsonException($"There is no {name}.");
}
