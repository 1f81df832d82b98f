using System.Net;

namespace AkkaScale.Management.Access;

/// <summary>Who may use the management port. Bound from section AkkaScale:Management, validated at start.</summary>
public sealed class ManagementOptions
{
    /// <summary>Role of callers without a token: none, viewer or operator; empty: viewer on a loopback address, none on any other.</summary>
    public string Anonymous { get; set; } = "";

    public IList<TokenOptions> Tokens { get; } = [];

    /// <summary>File with a line for each further token: name, role, SHA-256; # begins a comment. Read at start.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Role of callers without a token on a port bound to this address.</summary>
    public AccessRole AnonymousOn(string managementBind) =>
        Parse(Anonymous) ?? (IsLoopback(managementBind) ? AccessRole.Viewer : AccessRole.None);

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate(string managementBind)
    {
        if (Anonymous.Length > 0 && Parse(Anonymous) is null)
        {
            yield return $"Management:Anonymous is \"{Anonymous}\": set none, viewer or operator.";
        }

        var tokens = TokenSettings.Read(this, out var problems);
        foreach (var problem in problems)
        {
            yield return problem;
        }

        if (IsLoopback(managementBind))
        {
            yield break;
        }

        if (Parse(Anonymous) is AccessRole.Viewer or AccessRole.Operator)
        {
            yield return $"Management:Anonymous is {Anonymous}, but Node:ManagementBind is {managementBind}, which is not a loopback address: leave it out, or bind to 127.0.0.1.";
        }

        if (tokens.Count == 0)
        {
            yield return $"Node:ManagementBind is {managementBind}, which is not a loopback address, and there is no token: name a file in Management:TokenFile (\"pbm token create <name> --role operator\" prints a line for it), or bind to 127.0.0.1.";
        }
    }

    /// <summary>An address that cannot be read is complained of elsewhere.</summary>
    public static bool IsLoopback(string bind) => !IPEndPoint.TryParse(bind, out var address) || IPAddress.IsLoopback(address.Address);

    internal static AccessRole? Parse(string role) => role.ToLowerInvariant() switch
    {
        "none" => AccessRole.None,
        "viewer" => AccessRole.Viewer,
        "operator" => AccessRole.Operator,
        _ => null,
    };
}
