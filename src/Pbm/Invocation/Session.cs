using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Invocation;

/// <summary>What one management command works with.</summary>
internal sealed class Session(ParseResult parsed, GlobalOptions global)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public ParseResult Parsed { get; } = parsed;

    public Screen Screen { get; } = new(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));

    /// <param name="timeout">Of one answer; default 10 s.</param>
    public ManagementClient Connect(TimeSpan? timeout = null) =>
        new(NodeAddress.Candidates(Parsed.GetValue(global.Node)), timeout ?? Timeout, AccessToken.Read(Parsed.GetValue(global.TokenFile)));

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        using var client = Connect();
        return await client.GetAsync(path, shape, cancellation).ConfigureAwait(false);
    }
}
