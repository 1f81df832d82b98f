using AkkaScale.Management.Answers;
namespace AkkaScale.Management.OpenApi;

/// <summary>What the OpenAPI document says of a route beside what the route itself says.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Answer">Of a success, as JSON; null: no JSON, see <paramref name="MediaType"/>.</param>
/// <param name="Body">Null: none.</param>
internal sealed record RouteDescription(string Summary, Type? Answer, Type? Body = null, int Status = 200, string MediaType = "application/json");
