using System.Net;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Access;

/// <summary>
/// Decides who may do what on the management port: by method, so that a new route is guarded without anybody thinking of it. Pure.
/// </summary>
/// <param name="open">Paths that anybody may read besides the probes and the console's files.</param>
internal sealed class AccessPolicy(AccessTokens tokens, AccessRole anonymous, params IReadOnlyCollection<string> open)
{
    /// <summary>Name of callers without a token.</summary>
    public const string Anonymous = "anonymous";

    private const string Scheme = "Bearer ";

    private static readonly string[] Probes = ["/alive", "/ready", "/startup"];

    public static AccessPolicy Of(ManagementOptions options, string managementBind, params IReadOnlyCollection<string> open) =>
        new(TokenSettings.Read(options, out _), options.AnonymousOn(managementBind), open);

    /// <summary>Everything but a GET or HEAD is taken for a change.</summary>
    public static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    public AccessVerdict Judge(AccessRequest request)
    {
        if (!IsChange(request.Method) && IsOpen(request.Path))
        {
            return new AccessVerdict(Anonymous, AccessRole.None, null);
        }

        if (request.Authorization is { } presented)
        {
            return !presented.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || tokens.Find(presented[Scheme.Length..].Trim()) is not { } token
                ? new AccessVerdict(Anonymous, AccessRole.None, new AccessRefusal(
                    StatusCodes.Status401Unauthorized, "access/token-wrong", "Wrong token",
                    "This node does not know the token: it is sent as \"Authorization: Bearer <token>\", and its hash stands in Management:TokenFile or Management:Tokens of every node."))
                : Needed(request) <= token.Role ? new AccessVerdict(token.Name, token.Role, null)
                : new AccessVerdict(token.Name, token.Role, new AccessRefusal(
                    StatusCodes.Status403Forbidden, "access/operator-needed", "Operator needed",
                    $"Token {token.Name} has the role viewer and may {(IsChange(request.Method) ? "change nothing" : "not see this")}: use one with the role operator."));
        }

        return new AccessVerdict(Anonymous, anonymous, JudgeAnonymous(request));
    }

    private AccessRefusal? JudgeAnonymous(AccessRequest request)
    {
        if (anonymous < Needed(request))
        {
            return new AccessRefusal(
                StatusCodes.Status401Unauthorized, "access/token-needed", "A token is needed",
                anonymous == AccessRole.None
                    ? "Send \"Authorization: Bearer <token>\" (pbm: --token-file or PBM_TOKEN)."
                    : "Without a token this node lets callers read only: send \"Authorization: Bearer <token>\" of an operator (pbm: --token-file or PBM_TOKEN), or start the node with --management-anonymous operator.");
        }

        // Who needs no token is let in for being on this machine. A page of any site, opened in a browser on this machine, is too: under a name of
        // its own that it has let point here, or by sending what needs no leave.
        return !IsLocal(request.Host)
            ? new AccessRefusal(
                StatusCodes.Status403Forbidden, "access/host-not-local", "The host is not this machine",
                "Without a token this port is asked as 127.0.0.1, [::1] or localhost, not by another name.")
            : IsChange(request.Method) && request.Origin is { } origin && !IsOwn(origin, request.Authority)
                ? new AccessRefusal(
                    StatusCodes.Status403Forbidden, "access/origin-foreign", "The page is another site's",
                    "Without a token a page of another site changes nothing here.")
            : null;
    }

    private static AccessRole Needed(AccessRequest request) => IsChange(request.Method) || request.NeedsOperator ? AccessRole.Operator : AccessRole.Viewer;

    /// <summary>Probes say nothing but well or not; the console's files hold no data.</summary>
    private bool IsOpen(string path) =>
        Probes.Contains(path, StringComparer.OrdinalIgnoreCase) || open.Contains(path, StringComparer.OrdinalIgnoreCase)
        || path.Equals("/console", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/console/", StringComparison.OrdinalIgnoreCase);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, string authority) => origin.Equals($"http://{authority}", StringComparison.OrdinalIgnoreCase);
}
