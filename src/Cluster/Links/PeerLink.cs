using System.Net.Sockets;

namespace AkkaScale.Cluster.Links;

/// <summary>
/// One connection to another process's management port over which nothing is said: that it closes without a word shows that the process may
/// have ended. It proves nothing by itself.
/// </summary>
internal static class PeerLink
{
    public const string Path = "/cluster/link";

    /// <summary>Of the query: the incarnation that is to be reached, so that a successor at its address is not taken for it.</summary>
    public const string Incarnation = "incarnation";

    /// <summary>Completes when the link has ended.</summary>
    /// <returns>True when the other side's system closed it (FIN or RST) without the word by which a process that lives ends it.</returns>
    /// <exception cref="HttpRequestException">There was no link.</exception>
    public static async Task<bool> HoldAsync(HttpClient http, string managementUrl, string incarnation, CancellationToken stopping)
    {
        var address = new Uri(new Uri(managementUrl), $"{Path}?{Incarnation}={incarnation}");
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stopping);
        answer.EnsureSuccessStatusCode();
        await using var silence = await answer.Content.ReadAsStreamAsync(stopping);
        try
        {
            // Any end in order has an end of its content: 0 bytes here.
            while (await silence.ReadAsync(new byte[1], stopping) > 0)
            {
            }

            return false;
        }
        catch (HttpIOException error) when (error.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            return true;
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
        catch (IOException)
        {
            // Timed out, unreachable: the network's word, not the process's.
            return false;
        }
    }
}
