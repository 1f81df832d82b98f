using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Access;

/// <summary>What a handler of a changing call has to say to the audit log. It need not: the route and its values stand there anyway.</summary>
internal sealed class AuditNote
{
    public string? Action { get; private set; }

    public string? Target { get; private set; }

    public string? Why { get; private set; }

    public string? By { get; private set; }

    /// <summary>Null for calls that change nothing.</summary>
    public static AuditNote? Of(HttpContext context) => context.Features.Get<AuditNote>();

    /// <summary>Before the answer begins; what is null stays as it was.</summary>
    /// <param name="action">"shard/move", say.</param>
    /// <param name="target">"shard 17", say.</param>
    /// <param name="why">The caller's reason.</param>
    /// <param name="by">Who the caller says it is for.</param>
    public void Say(string? action = null, string? target = null, string? why = null, string? by = null)
    {
        Action = action ?? Action;
        Target = target ?? Target;
        Why = why ?? Why;
        By = by ?? By;
    }
}
