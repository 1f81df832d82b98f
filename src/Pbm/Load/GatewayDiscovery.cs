using System.Net.Sockets;

namespace AkkaScale.Pbm.Load;

/// <summary>Finds the gateways that accept connections.</summary>
internal static class GatewayDiscovery
{
    public static IReadOnlyList<Uri> Defaults { get; } =
        [new("http://127.0.0.1:8080"), new("http://127.0.0.1:8081"), new("http://127.0.0.1:8082")];

    /// <summary>
    /// Of the defaults, those that answer now; of gateways named by the caller all, if one answers: a named one that is
    /// down may come back during the run. Empty: none answers.
    /// </summary>
    public static async Task<IReadOnlyList<Uri>> FindAsync(IReadOnlyList<Uri> named, CancellationToken cancellation)
    {
        var candidates = named.Count > 0 ? named : Defaults;
        var answers = await Task.WhenAll(candidates.Select(gateway => AnswersAsync(gateway, cancellation))).ConfigureAwait(false);
        var answering = candidates.Where((_, index) => answers[index]).ToList();
        return named.Count > 0 && answering.Count > 0 ? named : answering;
    }

    private static async Task<bool> AnswersAsync(Uri gateway, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(2));
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(gateway.Host, gateway.Port, timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
