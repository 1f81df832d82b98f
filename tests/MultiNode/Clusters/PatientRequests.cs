using AkkaScale.TestKit;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Clusters;

/// <summary>Requests as a client sends them that repeats under one key what a gateway could not answer in time, at whichever gateway runs.</summary>
internal static class PatientRequests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task<GatewayAnswer> SucceedAsync(
        this ClusterFixture cluster, GatewayClient client, HttpMethod method, string path, object body, string key)
    {
        GatewayAnswer? last = null;
        await Eventually.Holds($"{path} is done", Bound, async () =>
        {
            var gateways = cluster.Gateways();
            last = await client.SendAsync(method, gateways[Random.Shared.Next(gateways.Count)], path, body, key);
            return last.IsSuccess ? null : last.ToString();
        });
        return last!;
    }
}
