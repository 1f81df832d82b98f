using System.Net.NetworkInformation;

namespace AkkaScale.Cluster.Postgres;

/// <summary>This machine's addresses, as the server writes them.</summary>
internal static class OwnAddresses
{
    /// <summary>None where the machine does not tell: nothing is direct then.</summary>
    public static string[] All()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .SelectMany(each => each.GetIPProperties().UnicastAddresses)
                    .Select(each => each.Address.ToString().Split('%')[0]),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
