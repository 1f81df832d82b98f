namespace AkkaScale.Tests.Store.Model;

/// <summary>What a comparison must have met to be worth something.</summary>
internal static class WantedSituations
{
    public static IEnumerable<string> All(bool canRaise) => canRaise ? [.. Everywhere, .. OfAnotherDatabase] : Everywhere;

    private static readonly string[] Everywhere =
    [
        "append fitting: Written",
        "append fitting: Fenced",
        "append old epoch: Fenced",
        "append position gap: HeadMismatch",
        "append position taken: HeadMismatch",
        "append sequence gap: HeadMismatch",
        "append sequence taken: HeadMismatch",
        "append positions apart: HeadMismatch",
        "append snapshot ahead: HeadMismatch",
        "append snapshot ahead of slice: HeadMismatch",
        "append snapshot of nothing: Rejected",
        "append result twice: Rejected",
        "append result twice in slice: Rejected",
        "append event of another shard: Rejected",
        "append NUL: Rejected",
        "append lone surrogate: Rejected",
        "append shard twice: Rejected",
        "results: Written", "results: Fenced", "results: HeadMismatch",
        "snapshots: Written", "snapshots: Fenced", "snapshots: HeadMismatch",
        "Join: Applied", "Join again: Refused",
        "JoinAndDie: Applied",
        "Change: Applied", "Change counter: Applied", "Change stale counter: Refused", "Change other status: Refused", "Change stranger: Refused",
        "Publish: Applied", "Publish: Refused",
        "Renew live: Applied", "Renew not live: Refused", "Renew stale counter: Refused", "Renew stranger: Refused",
        "Claim: Applied", "Claim old term: Refused", "Claim other holder: Refused",
        "WriteTargets: Applied", "WriteTargets old term: Refused", "WriteTargets other holder: Refused", "WriteTargets many: Applied",
        "Order: Applied", "ClearOrder: Applied", "ClearOrder: Refused",
        "Pin: Applied", "Unpin: Applied", "Unpin: Refused",
        "Move: Applied", "Move other epoch: Refused", "Move no shard: Refused", "WriteTargets ends a move: Applied",
        "Acquire free: something", "Acquire own: something", "Acquire any: nothing", "Acquire old epoch: nothing", "Acquire other owner: nothing",
        "Acquire: too many",
        "HandOver: something", "HandOver old epoch: nothing", "HandOver target not up: nothing", "HandOver not the owner: nothing",
        "Release: something", "Release old epoch: nothing", "Release not the owner: nothing",
        "Prune: something", "ReadDecisions: something",
        "look recovery: something", "recovery truncated", "look results: something", "look entity: something", "look shard: something",
        "look ownership: something", "look owners: something", "look stats: something",
    ];

    private static readonly string[] OfAnotherDatabase = ["RaiseGeneration: raised", "Renew live: Refused"];
}
